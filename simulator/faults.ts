import { type CompleteFault, completeFault, type FaultChoice, type FaultRule } from "./faultRules.js";
import { matcher, type Matches } from "./matching.js";

interface ArmedFault {
    matches: Matches;
    fault: CompleteFault;
    /** Matching requests that are let through first. */
    skip: number;
    left: number;
}

function arm(rule: FaultRule): ArmedFault {
    return {
        matches: matcher(rule),
        fault: completeFault(rule),
        skip: (rule.nth ?? 1) - 1,
        left: rule.times ?? 1,
    };
}

/** The faults that are waiting for their request. */
export class Faults {
    private armed: ArmedFault[] = [];
    private choice: FaultChoice | undefined;

    add(rule: FaultRule): void {
        this.armed.push(arm(rule));
    }

    /** Asks for each request that no rule strikes. */
    choose(choice: FaultChoice): void {
        this.choice = choice;
    }

    clear(): void {
        this.armed = [];
        this.choice = undefined;
    }

    /** The fault that strikes this request, if one does; the rule that was added first wins. */
    strike(method: string, path: string): CompleteFault | undefined {
        let struck: CompleteFault | undefined;
        for (const one of this.armed) {
            if (struck || !one.matches(method, path)) continue;
            if (one.skip > 0) one.skip -= 1;
            else {
                one.left -= 1;
                struck = one.fault;
            }
        }
        this.armed = this.armed.filter((one) => one.left > 0);
        const chosen = struck ? undefined : this.choice?.(method, path);
        return chosen ? completeFault(chosen) : struck;
    }
}
