"""Records of Route 53."""

from collections.abc import Sequence

import pulumi


class Record(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        zone_id: pulumi.Input[str],
        name: pulumi.Input[str],
        type: pulumi.Input[str],
        ttl: pulumi.Input[int] | None = None,
        records: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None:
        props = {"zoneId": zone_id, "name": name, "type": type, "ttl": ttl, "records": records}
        super().__init__("aws:route53/record:Record", resource_name, props, opts)
