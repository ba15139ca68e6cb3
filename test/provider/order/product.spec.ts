import assert from "node:assert/strict";
import { isTlsOrder, requestableNames } from "../../../provider/core/order/product.js";

describe("isTlsOrder", () => {
    it("is true for TLS products, and for an order that tells no product", () => {
        const products = [
            { type: "ssl_certificate" },
            { name_id: "ssl_plus" },
            undefined,
            { type: "client_certificate" },
            { type: "code_signing_certificate" },
        ];
        assert.deepEqual(
            products.map((product) => isTlsOrder({ product })),
            [true, true, true, false, false],
        );
    });
});

describe("requestableNames", () => {
    const signing = { product: { type: "code_signing_certificate" } };

    it("are none where the product takes none, and the common name is that of an organization", () => {
        for (const names of [
            { commonName: "Example, Inc.", dnsNames: [] },
            { commonName: "example", dnsNames: ["example"] },
            { commonName: undefined, dnsNames: [] },
        ])
            assert.deepEqual(requestableNames(signing, names), { commonName: undefined, dnsNames: [] });
    });

    it("are all others, whatever the product", () => {
        const names = { commonName: "shop.example", dnsNames: ["*.shop.example"] };
        const single = { commonName: "intranet", dnsNames: [] };
        assert.deepEqual(
            [requestableNames(signing, names), requestableNames({}, names), requestableNames({}, single)],
            [names, names, single],
        );
    });
});
