/** Makes the environment of the child processes of tests. */

const dropped = [
    /^digicert_/i,
    /^pulumi_/i,
    /^(https?|all|no|ftp)_proxy$/i,
    /^node_(options|extra_ca_certs|tls_reject_unauthorized)$/i,
    /^npm_/i,
    /^ts_node_/i,
];

/** The developer's settings of proxy and registry, which a package manager needs, unlike the programs under test. */
const installing = /_proxy$|^npm_config_(registry|cache|userconfig)$|^node_extra_ca_certs$/i;

/**
 * Copies this process's environment without the variables that change the behaviour of Pulumi, Node or the provider.
 *
 * @param added - set afterwards
 */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { ...copyEnvironment((name) => !dropped.some((pattern) => pattern.test(name))), ...added };
}

/** The same for a package manager, and for the commands of a document. */
export function installEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
    return cleanEnvironment({ ...installSettings(), ...added });
}

/** What a package manager needs beside {@link cleanEnvironment}. */
export function installSettings(): Record<string, string> {
    return copyEnvironment((name) => installing.test(name));
}

function copyEnvironment(has: (name: string) => boolean): Record<string, string> {
    const copied = Object.entries(process.env).filter(([name, value]) => value !== undefined && has(name));
    return Object.fromEntries(copied) as Record<string, string>;
}
