/** `npm run soak`: 2,000 reissues, or as many hundreds as the number given, in one provider process. */
import { exitOnSignals } from "../engine/cleanup.js";
import { growthPerReissue, soak, type Sample } from "./soak.js";

function tell({ reissues, heapBytes, descriptors }: Sample): void {
    const megabytes = (heapBytes / 1024 / 1024).toFixed(1);
    process.stdout.write(`${reissues} reissues: heap ${megabytes} MB, ${descriptors} open descriptors\n`);
}

async function main(): Promise<void> {
    const reissues = Number(process.argv[2] ?? 2000);
    const start = Date.now();
    const samples = await soak({ reissues, every: 100, told: tell });
    const seconds = Math.round((Date.now() - start) / 1000);
    const growth = growthPerReissue(samples);
    const most = Math.max(...samples.map(({ descriptors }) => descriptors));
    process.stdout.write(
        `${reissues} reissues in one process, ${seconds} s: ${growth.toFixed(0)} bytes of heap per reissue in the second half, ` +
            `at most ${most} open descriptors\n`,
    );
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
