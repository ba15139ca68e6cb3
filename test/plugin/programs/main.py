"""One resource, as an inline program of the Automation API: main.py up|destroy STACK.

A program of the documents may run beside it: page.py. A file printed.py, which "pulumi import" has printed, replaces both.
"""

import json
import runpy
import sys
from pathlib import Path

import pulumi
import pulumi_digicert as digicert
from pulumi import automation as auto


PRINTED = Path("printed.py")


def program() -> None:
    if PRINTED.exists():
        runpy.run_path(str(PRINTED))
    else:
        declare()


def declare() -> None:
    wanted = json.loads(Path("wanted.json").read_text())
    if "page" in wanted:
        runpy.run_path("page.py")
    certificate = wanted["certificate"]
    shop = digicert.Reissue(
        wanted["name"],
        order_id=wanted["orderId"],
        certificate=digicert.CertificateArgs(
            common_name=certificate["commonName"],
            dns_names=certificate["dnsNames"],
            csr=certificate["csr"],
        ),
        triggers=wanted.get("triggers"),
        deletion_policy=digicert.DeletionPolicy.FORGET,
    )
    order = digicert.get_order_output(order_id=wanted["orderId"])
    pulumi.export("status", shop.status)
    pulumi.export("serialNumber", shop.serial_number)
    pulumi.export("orderStatus", order.status)


def main() -> None:
    verb, name = sys.argv[1:]
    stack = auto.create_or_select_stack(
        stack_name=name,
        project_name="test",
        program=program,
        opts=auto.LocalWorkspaceOptions(work_dir="."),
    )
    try:
        getattr(stack, verb)(on_output=print, color="never")
    except auto.CommandError as error:
        print(error)
        sys.exit(1)


main()
