/** The chart: seconds of each contender by what was done, as a multiple of ours, with the range over the rounds. */
import * as echarts from "echarts";
import { median, type Row } from "./stats.js";

const OURS = "pulumi-digicert";
const WIDTH = 1000;
const ROW_HEIGHT = 22;

interface Bar {
    readonly ratio: number;
    readonly least: number;
    readonly most: number;
}

/** An SVG picture of everything that has a time. */
export function chart(rows: readonly Row[]): string {
    const timed = rows.filter(({ work, seconds }) => work !== "f" && seconds.length > 0);
    const works = [...new Set(timed.map(({ work, what }) => `(${work}) ${what}`))];
    const contenders = [...new Set(timed.map(({ contender }) => contender))];
    const barOf = (label: string, contender: string): Bar | undefined => {
        const at = (name: string) =>
            timed.find(({ work, what, contender: one }) => `(${work}) ${what}` === label && one === name);
        const row = at(contender);
        const ours = at(OURS);
        if (!row || !ours) return undefined;
        const unit = median(ours.seconds);
        return {
            ratio: median(row.seconds) / unit,
            least: Math.min(...row.seconds) / unit,
            most: Math.max(...row.seconds) / unit,
        };
    };
    const picture = echarts.init(null, null, {
        renderer: "svg",
        ssr: true,
        width: WIDTH,
        height: 120 + works.length * contenders.length * ROW_HEIGHT,
    });
    picture.setOption({
        animation: false,
        backgroundColor: "#fff",
        title: { text: "Time, as a multiple of pulumi-digicert's (1 = the same, less is faster)", left: 10 },
        legend: { top: 42, left: 10, data: contenders },
        grid: { left: 260, right: 60, top: 80, bottom: 40 },
        xAxis: { type: "log", min: 0.01, axisLabel: { formatter: "× {value}" } },
        yAxis: { type: "category", inverse: true, data: works },
        series: contenders.flatMap((contender) => {
            const bars = works.map((label) => barOf(label, contender));
            return [
                {
                    name: contender,
                    type: "bar" as const,
                    data: bars.map((bar) => bar?.ratio ?? null),
                    label: {
                        show: true,
                        position: "right" as const,
                        formatter: ({ dataIndex }: { dataIndex: number }) => labelOf(bars[dataIndex]),
                    },
                },
            ];
        }),
    });
    const svg = picture.renderToSVGString();
    picture.dispose();
    return svg;
}

function labelOf(bar: Bar | undefined): string {
    if (!bar) return "";
    const text = (value: number) => value.toFixed(2);
    const range = bar.least === bar.most ? "" : ` (${text(bar.least)}–${text(bar.most)})`;
    return `${text(bar.ratio)}${range}`;
}
