/** Makes the environment of the child processes of tests. */

const dropped = [
    /^digicert_/i,
    /^pulumi_/i,
    /^(https?|all|no|ftp)_proxy$/i,
    /^node_(options|extra_ca_certs|tls_reject_unauthorized)$/i,
    /^npm_/i,
    /^ts_node_/i,
];

/**
 * Copies this process's environment without the variables that change the behaviour of Pulumi, Node or the provider.
 *
 * @param added - set afterwards
 */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env)) {
        if (value !== undefined && !dropped.some((pattern) => pattern.test(name))) env[name] = value;
    }
    return { ...env, ...added };
}
