/** `npm run demo`: the example, the real Pulumi CLI, and a simulator of CertCentral; no account is needed. */
import { exitOnSignals } from "../engine/cleanup.js";
import { makeKeyAndCsr, startSimulator } from "../../simulator/index.js";
import { openStage } from "./stage.js";
import { approvalNeeded, firstUp, nameAdded, nothingChanged } from "./story.js";

async function main(): Promise<void> {
    const simulator = await startSimulator({ policy: { approval: "auto" } });
    try {
        const { orderId } = await simulator.seedOrder({ commonName: "shop.example" });
        const keyAndCsr = await makeKeyAndCsr({ commonName: "shop.example" });
        const stage = await openStage({ simulator, orderId, ...keyAndCsr });
        try {
            await firstUp(stage);
            await nothingChanged(stage);
            await nameAdded(stage);
            await approvalNeeded(stage);
            stage.closeWithTable();
        } finally {
            await stage.stack.dispose();
        }
    } finally {
        await simulator.close();
    }
}

exitOnSignals();
main().catch((error: unknown) => {
    process.stderr.write(`\nThe demo failed. ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
