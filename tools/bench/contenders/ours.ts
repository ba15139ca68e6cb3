/** This package, packed and installed as a user has it. */
import { pulumiProgram } from "./stack.js";

export const ours = pulumiProgram(
    {
        name: "pulumi-digicert",
        abilities: { waits: "yes", resumes: "yes", quota: "never meets it", asksOnce: "yes" },
    },
    "ours",
);
