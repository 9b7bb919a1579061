/** Run where a small or read-only disk is mounted: what is on record there. Arguments: folder, id of the session. */
import { openStore } from "../electron/journal/store.ts";
import { verifySession } from "../electron/journal/verify.ts";

const [dir = "", id = ""] = process.argv.slice(2);
const store = openStore(dir, { readOnly: true });
process.stdout.write(
  `record ${JSON.stringify({ verified: await verifySession(dir, id), events: store.events(id) })}\n`,
);
store.close();
