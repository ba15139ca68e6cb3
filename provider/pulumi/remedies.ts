/**
 * What to do about each kind of failure, in the words of a Pulumi program and of `pulumi up`. docs/troubleshooting.md is
 * made from this table.
 *
 * @module
 */
import type { RemedyWords } from "../core/errors.js";

/** Printed after the sentence of an error, before its code. */
export const REMEDIES: RemedyWords = {
    setApiKey:
        "Set it with `pulumi config set --secret digicert:apiKey`, or in the environment variable DIGICERT_API_KEY.",
    passApiKey:
        "Pass apiKey to the explicit provider; it is never taken from stack config or the environment.",
    setApiKeyAgain: "Set digicert:apiKey (DIGICERT_API_KEY) again, without quotes or line breaks.",
    setKeyAndAddressTogether:
        "Set both in one place: the address in stack config (digicert:baseUrl or digicert:region), or the key in DIGICERT_API_KEY.",
    correctSetting: "Correct it in stack config, in the environment, or in the explicit provider.",
    checkApiKey:
        "The API key is wrong, revoked, or of another region: check digicert:apiKey (DIGICERT_API_KEY) and digicert:region.",
    useAnotherRole:
        "The key is valid, but its role lacks the permission: use the key of a user with the permission, or change the role.",
    checkOrderAndAccount:
        "CertCentral never deletes an order, so the order id, account, region or address is wrong: check orderId, " +
        "digicert:apiKey, digicert:region and digicert:baseUrl.",
    correctInputs: "Correct the inputs that DigiCert names, then run `pulumi up` again.",
    waitForQuota:
        "Run `pulumi up` again in a few minutes; other programs with the same key use its quota too.",
    tryLater: "Run `pulumi up` again later.",
    checkAddress: "Check digicert:baseUrl; if it is right, run `pulumi up` again later.",
    checkNetwork:
        "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and digicert:baseUrl, then run `pulumi up` again.",
    raiseRequestTimeout: "Run `pulumi up` again, or raise digicert:requestTimeoutSeconds.",
    setProxyCredentials: "Put the proxy's credentials into HTTPS_PROXY (http://user:password@host:port).",
    correctProxy: "Correct HTTPS_PROXY or HTTP_PROXY, or unset it.",
    checkFirewall: "Allow requests to digicert:baseUrl in the firewall or proxy.",
    checkOrder: "Run the same command again: it reads the order first. Or check the order in CertCentral.",
    confirmReissue:
        "Run `pulumi up` again: it searches the order for the reissue before it requests anything.",
    resume: "The ids are saved. Run `pulumi up` again: it goes on waiting, and requests nothing.",
    goOn: "Run `pulumi up` again; what DigiCert accepted is saved, and nothing is requested twice.",
    approve:
        "Approve the request in CertCentral, then run `pulumi up` again; the ids are saved, and nothing is requested twice.",
    publishToken:
        "Publish dcvRandomValue as DigiCert describes for the validation method, then run `pulumi up` again; nothing is requested twice.",
    placeNewOrder: "Renew it: place a new order in CertCentral, and set its id as orderId.",
    completeOrder: "Have the order issued in CertCentral, then run the same command again.",
    upgrade: "Check the order in CertCentral, and upgrade pulumi-digicert.",
    waitOrCancel:
        "Wait until the pending reissue is issued, or have the person who requested it cancel it in CertCentral; then run `pulumi up` again.",
    changeProgram:
        "Change certificate, triggers or additionalParameters to request a reissue again; until then nothing is requested. If a certificate with this key and these names was issued meanwhile, `pulumi refresh` takes it over.",
    askDigiCert: "Run `pulumi up` again; if the error stays, ask DigiCert's support.",
    matchOrReissue:
        "Change the program to match the order, or set adoptExisting to false to request a reissue.",
    adoptWithCsr:
        "Adopt the certificate by a program that holds its CSR: `npx pulumi-digicert init <order> --csr <file>` writes one.",
    forgetFirst: 'Set deletionPolicy to "forget", run `pulumi up`, and then change orderId.',
    confirmRevoke:
        'Set DIGICERT_CONFIRM_REVOKE to that certificate id for this run only, or set deletionPolicy to "forget" and run `pulumi up` first.',
    getSuccessorIssued:
        "CertCentral shows what the successor waits for (approval, validation, a new order): complete that, then run `pulumi up` again.",
    correctProgram: "Correct the program.",
    repairState:
        "Restore the state from a backup (`pulumi stack export`, `pulumi stack import`), or remove the resource with `pulumi state delete` and adopt the order again.",
    runAgain: "The next `pulumi up` requests a new certificate.",
};
