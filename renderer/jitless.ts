import { z } from "zod";

// The window's content security policy forbids eval; zod would try it once per schema and be reported each time.
// Imported first, because the schemas look at this when they are made.
z.config({ jitless: true });
