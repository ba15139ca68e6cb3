/**
 * Checks whether a reissue would lose the permission to authenticate clients.
 *
 * @module
 */
import type { X509Certificate } from "node:crypto";
import { allowsClientAuth } from "../../provider/core/x509/certificate.js";
import type { Finding } from "./finding.js";

/**
 * Makes a finding if the current certificate may authenticate clients. Since 2025-10-01 DigiCert issues public TLS certificates
 * with serverAuth only, unless a profile of the account says otherwise (DigiCert, change log: client authentication EKU).
 */
export function checkClientAuthentication(certificate: X509Certificate | undefined): Finding[] {
    if (certificate === undefined || !allowsClientAuth(certificate)) return [];
    const text =
        "the certificate may authenticate clients (clientAuth); a reissue has serverAuth only, unless a profile says otherwise";
    return [{ check: "usage", level: "attention", text }];
}
