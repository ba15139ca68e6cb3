import assert from "node:assert/strict";
import { checkInputs } from "../../../provider/core/reissue/check.js";
import { given, givenAt, properties } from "../../fixtures/inputs.js";

describe("the name of an input that does not exist", () => {
    const misspelt: [string[], string][] = [
        [["orderID"], "orderId"],
        [["order_id"], "orderId"],
        [["ORDERID"], "orderId"],
        [["comment"], "comments"],
        [["tiggers"], "triggers"],
        [["skip_approval"], "skipApproval"],
        [["minDaysRemainig"], "minDaysRemaining"],
        [["deletePolicy"], "deletionPolicy"],
        [["csr"], "certificate.csr"],
        [["commonName"], "certificate.commonName"],
        [["dns_names"], "certificate.dnsNames"],
        [["certificate", "common_name"], "commonName"],
        [["certificate", "dnsNmaes"], "dnsNames"],
        [["certificate", "CSR"], "csr"],
        [["certificate", "signaturehash"], "signatureHash"],
        [["certificate", "serverPlatform", "ids"], "id"],
        [["certificate", "dcv_method"], "dcvMethod, outside of certificate"],
        [["certificate", "comments"], "comments, outside of certificate"],
    ];
    for (const [path, nearest] of misspelt) {
        it(`suggests ${nearest} for ${path.join(".")}`, () => {
            const { failures } = checkInputs(givenAt(path, "x"));
            const failure = failures.find((one) => properties([one])[0] === path.join("."));
            assert.match(failure?.reason ?? "", new RegExp(`is not an input; did you mean ${nearest}\\?`));
        });
    }

    it("lists the names there are where none comes near, without the identity that the SDK adds", () => {
        const { failures } = checkInputs(given({ somethingElseEntirely: 1 }));
        assert.match(
            failures[0]?.reason ?? "",
            /^somethingElseEntirely is not an input; Inputs here: orderId, certificate, .*deletionPolicy$/,
        );
        assert.doesNotMatch(failures[0]?.reason ?? "", /identity/);
    });
});
