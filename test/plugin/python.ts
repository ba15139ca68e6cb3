/** Python with Pulumi's SDK, which `npm run engine` installs beside the CLI. */
import { join } from "node:path";
import { binFolder } from "../engine/paths.js";

const folder = join(binFolder(), "..", "python");

/** Its files. */
export const PYTHON = {
    folder,
    pip: join(folder, "bin", "pip"),
    python: join(folder, "bin", "python"),
    /** Made last: it is there only where the installation is whole. */
    executable: join(folder, "bin", "python-with-pulumi"),
} as const;
