import { startSimulator } from "./index.js";
import { type SimulatorOptions } from "./options.js";
import { type Simulator } from "./simulator.js";

/** A simulator with some orders. */
export interface TryOut {
    simulator: Simulator;
    orders: { orderId: number; names: readonly string[]; behaviour: string }[];
}

/**
 * Starts a simulator with two orders: reissues of the first wait for an approver, reissues of the second are approved
 * automatically. Where tokens can be looked up, a third order waits for the validation of its domains.
 */
export async function startTryOut(options: SimulatorOptions): Promise<TryOut> {
    const simulator = await startSimulator(options);
    const shop = await simulator.seedOrder({ commonName: "shop.example", dnsNames: ["www.shop.example"] });
    const lab = await simulator.seedOrder({
        commonName: "*.lab.example",
        policy: { approval: "auto", issuanceMs: 15_000 },
    });
    const described = [
        { order: shop, behaviour: "a reissue waits for an approver" },
        { order: lab, behaviour: "a reissue is approved automatically, and issued after 15 s" },
    ];
    if (options.dns !== undefined || options.http !== undefined) {
        const dv = await simulator.seedOrder({
            commonName: "shop.example",
            dnsNames: options.dns === undefined ? [] : ["*.shop.example"],
            product: { name_id: "ssl_dv_geotrust", name: "GeoTrust DV SSL", validation_type: "dv" },
            policy: { approval: "none" },
        });
        described.push({ order: dv, behaviour: "a DV order, each reissue waits for its domains" });
    }
    const orders = described.map(({ order: { orderId, certificates }, behaviour }) => {
        return { orderId, names: certificates[0]?.names ?? [], behaviour };
    });
    return { simulator, orders };
}

/** The text that the command prints. */
export function howToUse({ simulator, orders }: TryOut): string {
    const list = orders.map(
        ({ orderId, names, behaviour }) => `  ${orderId}   ${names.join(", ")}: ${behaviour}`,
    );
    return `API     ${simulator.baseUrl}
Admin   ${simulator.adminUrl}   (GET it for a list of its routes)

Orders
${list.join("\n")}

To use it:
  export DIGICERT_BASE_URL=${simulator.baseUrl}
  export DIGICERT_API_KEY=${simulator.apiKey}

Approve a request:
  curl -X POST ${simulator.adminUrl}requests/<request id>/approve

Ctrl-C stops it.
`;
}
