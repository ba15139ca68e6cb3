/** A dynamic provider as a user writes it. */
import { pulumiProgram } from "./stack.js";

export const handWritten = pulumiProgram(
    {
        name: "hand-written",
        abilities: {
            waits: "yes",
            resumes: "no: asks again",
            quota: "waits after 429",
            asksOnce: "no: a lost answer is asked again",
        },
    },
    "handWritten",
);
