// Package route53 is the part of pulumi-aws that the documents use; test/plugin/route53.ts serves it.
package route53

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type Record struct {
	pulumi.CustomResourceState
}

type RecordArgs struct {
	ZoneId  pulumi.StringInput
	Name    pulumi.StringInput
	Type    pulumi.StringInput
	Ttl     pulumi.IntInput
	Records pulumi.StringArrayInput
}

func NewRecord(ctx *pulumi.Context, name string, args *RecordArgs, opts ...pulumi.ResourceOption) (*Record, error) {
	props := pulumi.Map{
		"zoneId":  args.ZoneId,
		"name":    args.Name,
		"type":    args.Type,
		"ttl":     args.Ttl,
		"records": args.Records,
	}
	var record Record
	if err := ctx.RegisterResource("aws:route53/record:Record", name, props, &record, opts...); err != nil {
		return nil, err
	}
	return &record, nil
}
