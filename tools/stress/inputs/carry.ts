/** Creates and updates a resource with accepted inputs, against the simulator. */
import type { Bag } from "../../../test/fixtures/inputs.js";
import { inProcess } from "../stack.js";
import type { Simulator } from "../../../simulator/index.js";

/** Returns the failures after `check` of inputs that it accepts; the order id is replaced by that of an existing order. */
export async function carry(simulator: Simulator, bag: Bag): Promise<string[]> {
    const { commonName } = bag.certificate as { commonName?: string };
    const isName = /^[a-z0-9.-]+\.example$/.test(commonName ?? "");
    const { orderId } = await simulator.seedOrder({
        commonName: isName && commonName ? commonName : "shop.example",
        policy: { approval: "auto" },
    });
    const stack = inProcess(simulator);
    const args = { ...bag, orderId };
    const first = await stack.up(args);
    const second = await stack.up(args);
    const faults = [first, second].flatMap(({ failure }) => sentenceFaults(failure));
    // After a refusal by DigiCert, the same request may be made again.
    if (first.posts > 1 || second.posts > (first.failure === undefined ? 0 : 1))
        faults.push(`${first.posts} and ${second.posts} POSTs`);
    const isDone = first.failure === undefined && second.failure === undefined;
    if (isDone && (second.did !== "nothing" || second.requests.length > 0)) {
        faults.push(`the same again is ${second.did}`);
    }
    return faults;
}

/** Whether a failure is a sentence about the order that fits a terminal, and not an error of JavaScript. */
function sentenceFaults(failure: string | undefined): string[] {
    if (failure === undefined) return [];
    return [
        ...(/order \d+/.test(failure) ? [] : [`says not which order: ${failure.slice(0, 200)}`]),
        ...(/\p{C}/u.test(failure.replaceAll("\n", " ")) ? ["is unfit for a terminal"] : []),
        ...(/TypeError|RangeError|SyntaxError|undefined|is not a function|call stack/.test(failure)
            ? [`is no sentence: ${failure.slice(0, 200)}`]
            : []),
    ];
}
