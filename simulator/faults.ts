import { type CompleteFault, completeFault, type FaultChoice, type FaultRule } from "./faultRules.js";
import { makeMatcher, type Matches } from "./matching.js";

interface ArmedFault {
    matches: Matches;
    fault: CompleteFault;
    /** Number of matching requests that pass first. */
    skip: number;
    left: number;
}

function arm(rule: FaultRule): ArmedFault {
    return {
        matches: makeMatcher(rule),
        fault: completeFault(rule),
        skip: (rule.nth ?? 1) - 1,
        left: rule.times ?? 1,
    };
}

/** The faults that still apply to further requests. */
export class Faults {
    private armed: ArmedFault[] = [];
    private choice: FaultChoice | undefined;

    add(rule: FaultRule): void {
        this.armed.push(arm(rule));
    }

    /** A function that decides about each request to which no rule applies. */
    choose(choice: FaultChoice): void {
        this.choice = choice;
    }

    clear(): void {
        this.armed = [];
        this.choice = undefined;
    }

    /** Finds the fault for a request; the rule that was added first wins. */
    take(method: string, path: string): CompleteFault | undefined {
        let taken: CompleteFault | undefined;
        for (const one of this.armed) {
            if (taken || !one.matches(method, path)) continue;
            if (one.skip > 0) one.skip -= 1;
            else {
                one.left -= 1;
                taken = one.fault;
            }
        }
        this.armed = this.armed.filter((one) => one.left > 0);
        const chosen = taken ? undefined : this.choice?.(method, path);
        return chosen ? completeFault(chosen) : taken;
    }
}
