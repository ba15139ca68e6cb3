import assert from "node:assert/strict";
import { describeTime, Progress } from "../../cli/progress.js";

function linesOf(isTTY: boolean, total: number, secondsLeft?: (done: number) => number): string[] {
    const lines: string[] = [];
    const stream = { isTTY, write: (text: string) => lines.push(text) };
    const progress = new Progress(stream, total, "orders read", secondsLeft);
    for (let step = 0; step < total; step++) progress.addStep();
    return lines;
}

describe("Progress", () => {
    it("prints a few lines in all, each with the time that is left, except the last one", () => {
        assert.deepEqual(
            linesOf(false, 2500, (done) => 2500 - done),
            [
                "500 of 2500 orders read, 34 min left\n",
                "1000 of 2500 orders read, 25 min left\n",
                "1500 of 2500 orders read, 17 min left\n",
                "2000 of 2500 orders read, 9 min left\n",
                "2500 of 2500 orders read\n",
            ],
        );
    });

    it("tells no time where none is left to tell, or nobody knows it", () => {
        assert.equal(linesOf(false, 10)[0], "2 of 10 orders read\n");
        assert.equal(linesOf(false, 10, () => 0.5)[0], "2 of 10 orders read\n");
    });

    it("rewrites one line on a terminal, and leaves none behind", () => {
        const lines = linesOf(true, 6, () => 42);
        assert.equal(lines[0], "\r\u001b[K1 of 6 orders read, 42 s left");
        assert.equal(lines.at(-1), "\r\u001b[K");
    });

    it("tells seconds up to a minute and a half, then minutes, rounded up", () => {
        assert.deepEqual([0.2, 89, 91, 180, 181].map(describeTime), [
            "1 s",
            "89 s",
            "2 min",
            "3 min",
            "4 min",
        ]);
    });
});
