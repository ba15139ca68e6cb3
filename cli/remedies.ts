/**
 * What to do about each kind of failure, in the words of the command. docs/troubleshooting.md is made from this table.
 *
 * The remedies for errors that only a resource has (of a POST, a plan, a state) name `pulumi up`: `doctor` and `init` only read.
 *
 * @module
 */
import type { RemedyWords } from "../provider/core/errors.js";

/** Printed after the sentence of an error, before its code. */
export const REMEDIES: RemedyWords = {
    setApiKey:
        "Set DIGICERT_API_KEY, or name a file that holds the key with --key-file (- reads standard input).",
    passApiKey:
        "Set DIGICERT_API_KEY, or name a file that holds the key with --key-file (- reads standard input).",
    setApiKeyAgain:
        "Set DIGICERT_API_KEY again, or correct the file that --key-file names: the key alone, without quotes or line breaks.",
    setKeyAndAddressTogether:
        "Set both in one place: the key with DIGICERT_API_KEY or --key-file, the address with --base-url or --region.",
    correctSetting:
        "Correct the option (--base-url, --region) or the environment variable that the setting was read from.",
    checkApiKey:
        "The API key is wrong, revoked, or of another region: check DIGICERT_API_KEY (or the file that --key-file names) and --region.",
    useAnotherRole:
        "The key is valid, but its role lacks the permission: use the key of a user with the permission, or change the role.",
    checkOrderAndAccount:
        "CertCentral never deletes an order, so the order id, account, region or address is wrong: check the order id, " +
        "the API key, --region and --base-url.",
    correctInputs: "Check the order id and the options.",
    waitForQuota:
        "Run the command again in a few minutes; other programs with the same key use its quota too.",
    tryLater: "Run the command again later.",
    checkAddress: "Check --base-url (DIGICERT_BASE_URL); if it is right, run the command again later.",
    checkNetwork:
        "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and --base-url (DIGICERT_BASE_URL), then run the command again.",
    raiseRequestTimeout: "Run the command again, or raise DIGICERT_REQUEST_TIMEOUT_SECONDS.",
    setProxyCredentials: "Put the proxy's credentials into HTTPS_PROXY (http://user:password@host:port).",
    correctProxy: "Correct HTTPS_PROXY or HTTP_PROXY, or unset it.",
    checkFirewall: "Allow requests to DigiCert's address in the firewall or proxy.",
    checkOrder: "Check the order in CertCentral.",
    confirmReissue:
        "Run `pulumi up` in the stack that requested the reissue: it searches the order for the reissue.",
    resume: "Run `pulumi up` in the stack that requested the reissue: it goes on waiting.",
    goOn: "Run the command again.",
    approve: "Approve the request in CertCentral, then run `pulumi up` in the stack that made it.",
    publishToken:
        "Publish the token as DigiCert describes for the validation method, then run `pulumi up` in the stack that requested the reissue.",
    placeNewOrder: "Place a new order in CertCentral, and use its id.",
    completeOrder:
        "Run the command again once the order is issued; CertCentral shows what the order waits for.",
    upgrade: "Check the order in CertCentral, and upgrade pulumi-digicert.",
    waitOrCancel:
        "Wait until the pending reissue is issued, or have the person who requested it cancel it in CertCentral.",
    changeProgram:
        "Change certificate, triggers or additionalParameters in the program to request another reissue.",
    askDigiCert: "Run the command again; if the error stays, ask DigiCert's support.",
    matchOrReissue:
        "Change the program to match the order, or set adoptExisting to false to request a reissue.",
    adoptWithCsr:
        "Adopt the certificate by a program that holds its CSR: `npx pulumi-digicert init <order> --csr <file>` writes one.",
    forgetFirst: 'Set deletionPolicy to "forget" in the program before its orderId changes.',
    confirmRevoke:
        "Set DIGICERT_CONFIRM_REVOKE to that certificate id for the run of Pulumi that may revoke it.",
    getSuccessorIssued:
        "CertCentral shows what the successor waits for (approval, validation, a new order): complete that.",
    correctProgram: "Correct the program.",
    repairState:
        "Make the export again with `pulumi stack export`; if the error stays, restore the state from a backup.",
    runAgain: "Run the command again.",
};
