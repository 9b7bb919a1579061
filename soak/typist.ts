/** A process to be killed while it types: `typist.ts DISPLAY AUTHORITY TEXT`. Says `typing` once it has begun. */
import { openX11 } from "../electron/computer/x11/connection.ts";
import { Input } from "../electron/computer/x11/input.ts";
import { typeText } from "../electron/computer/x11/text.ts";

const [display = "", authority = "", text = ""] = process.argv.slice(2);
const x11 = await openX11({ display, authority });
process.send?.("typing");
await typeText(x11, new Input(x11), text);
process.exit(0);
