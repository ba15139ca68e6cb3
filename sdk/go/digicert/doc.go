// Reissue DigiCert CertCentral certificates from Pulumi stacks, exactly once per change.
package digicert
