/** Compares what was seen of a story with its forecast and with what must hold on every day. */
import { type Forecast, forecast, type Gap, type Why } from "./forecast.js";
import { type Diary, type Observed } from "./play.js";
import { type Fleet, PLAN_DAYS } from "./stories.js";

const REASONS: Record<Why, RegExp> = {
    new: /reissue, the resource is new/,
    changed: /reissue, [\w., ]+ changed/,
    due: /reissue, certificate (expires in \d+ days \(limit [\d.]+\)|\d+ expired on \S+)/,
    revoked: /reissue, certificate \d+ was revoked/,
};

/** A year of an order in numbers. */
export interface Year {
    readonly title: string;
    readonly posts: number;
    /** Days on which `up` fails. */
    readonly failing: number;
    /** Days on which dependents have no valid certificate, by what forced it. */
    readonly gaps: Readonly<Partial<Record<Gap, number>>>;
    /** Everything that is not as it should be, a sentence each. */
    readonly problems: readonly string[];
}

/** Judges one order's year. */
export function judge({ story, days, accepted }: Diary, fleet: Fleet): Year {
    const expected = forecast(story, fleet);
    const problems = days.flatMap((seen, day) =>
        differences(seen, expected[day]).map((what) => `day ${day}: ${what}`),
    );
    const posts = expected.filter(({ why }) => why !== undefined).length;
    const committed = Object.values(accepted).reduce((sum, count) => sum + count, 0);
    if (committed !== posts) problems.push(`DigiCert accepted ${committed} reissues, ${posts} have a reason`);
    const markers = days.flatMap(({ run }) => markersOf(run.recorded));
    if (new Set(markers).size !== markers.length) problems.push("the same reissue was asked for twice");
    const calling = days.filter(({ run }) => run.requests.length > 0).length;
    if (calling > 4 * posts + 24)
        problems.push(`DigiCert was called on ${calling} days for ${posts} reissues`);
    const gaps: Partial<Record<Gap, number>> = {};
    for (const { gap } of expected) if (gap) gaps[gap] = (gaps[gap] ?? 0) + 1;
    for (const [gap, count = 0] of Object.entries(gaps))
        if (count > mostDaysOf(gap as Gap, story, fleet))
            problems.push(`${count} days without a certificate: ${gap}`);
    return {
        title: story.title,
        posts: days.reduce((sum, { run }) => sum + run.posts, 0),
        failing: days.filter(({ run }) => run.failure !== undefined).length,
        gaps,
        problems,
    };
}

/** Dependents may be without a valid certificate only where the story forces it. */
function mostDaysOf(gap: Gap, { days = {}, settings = {} }: Diary["story"], fleet: Fleet): number {
    switch (gap) {
        case "awaits the first one":
            return 3;
        case "last day of the plan":
            return 1;
        case "plan ended":
            return fleet.days - 1 - PLAN_DAYS;
        case "revoked by somebody":
            return Object.values(days).some((day) => day.console === "revokes") ? fleet.days : 0;
        case "limits negative":
            return (settings.minDaysRemaining ?? 0) < 0 ? fleet.days : 0;
    }
}

function differences(seen: Observed, expected: Forecast | undefined): string[] {
    const { run, pending, isCovered, isKeysOwn } = seen;
    if (!expected) return ["nothing was foretold"];
    const { why, calls, fails, warnsOfLimit, warnsOfPlan, gap } = expected;
    const said = run.lines.join("\n");
    const checks: [boolean, string][] = [
        [run.posts === (why ? 1 : 0), `${run.posts} POSTs, foretold ${why ?? "none"}`],
        [
            run.requests.length > 0 === calls,
            `${run.requests.length} requests, foretold ${calls ? "some" : "none"}`,
        ],
        [
            (run.failure !== undefined) === fails,
            fails ? "succeeded against the forecast" : `failed: ${run.failure ?? ""}`,
        ],
        [!why || REASONS[why].test(said), `does not say why: ${said}`],
        [said.includes("is more than half the certificate's lifetime") === warnsOfLimit, `limit: ${said}`],
        [said.includes("A new order is needed") === warnsOfPlan, `end of the plan: ${said}`],
        [pending <= 1, `${pending} reissues are pending`],
        [isKeysOwn, "the certificate in state has another key"],
        [isCovered === (gap === undefined), isCovered ? `no gap (${gap ?? ""})` : "no valid certificate"],
    ];
    return checks.filter(([isRight]) => !isRight).map(([, what]) => what);
}

/** The markers of the reissues that were asked for. */
function markersOf(requests: Observed["run"]["recorded"]): string[] {
    return requests
        .filter(({ method }) => method === "POST")
        .map(({ pathname, body }) => {
            const marker = /\[pulumi-digicert (\w+)\]/.exec((body as { comments: string }).comments);
            return `${pathname} ${marker?.[1] ?? ""}`;
        });
}
