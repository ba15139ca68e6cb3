// One resource, as an inline program of the Automation API: program up|destroy STACK.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi-digicert/pulumi-digicert/sdk/go/digicert"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type wanted struct {
	Name        string
	Page        *int
	OrderId     string
	Certificate struct {
		CommonName string
		DnsNames   []string
		Csr        string
	}
	Triggers map[string]string
}

var program pulumi.RunFunc = declare

// pages are the programs of the documents, of which one may run beside it.
var pages = map[int]pulumi.RunFunc{}

// addPage is what a program of the documents calls in place of pulumi.Run.
func addPage(number int, page pulumi.RunFunc) {
	pages[number] = page
}

// use replaces the program, for a file that "pulumi import" has printed.
func use(printed pulumi.RunFunc) {
	program = printed
}

func declare(ctx *pulumi.Context) error {
	text, err := os.ReadFile("wanted.json")
	if err != nil {
		return err
	}
	var want wanted
	if err := json.Unmarshal(text, &want); err != nil {
		return err
	}
	if want.Page != nil {
		if err := pages[*want.Page](ctx); err != nil {
			return err
		}
	}
	shop, err := digicert.NewReissue(ctx, want.Name, &digicert.ReissueArgs{
		OrderId: pulumi.String(want.OrderId),
		Certificate: digicert.CertificateArgs{
			CommonName: pulumi.String(want.Certificate.CommonName),
			DnsNames:   pulumi.ToStringArray(want.Certificate.DnsNames),
			Csr:        pulumi.String(want.Certificate.Csr),
		},
		Triggers:       pulumi.ToStringMap(want.Triggers),
		DeletionPolicy: digicert.DeletionPolicyForget,
	})
	if err != nil {
		return err
	}
	order := digicert.GetOrderOutput(ctx, digicert.GetOrderOutputArgs{OrderId: pulumi.String(want.OrderId)})
	ctx.Export("status", shop.Status)
	ctx.Export("serialNumber", shop.SerialNumber)
	ctx.Export("orderStatus", order.Status())
	return nil
}

func run(verb, name string) error {
	ctx := context.Background()
	stack, err := auto.UpsertStackInlineSource(ctx, name, "test", program, auto.WorkDir("."))
	if err != nil {
		return err
	}
	if verb == "destroy" {
		_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(os.Stdout), optdestroy.Color("never"))
	} else {
		_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout), optup.Color("never"))
	}
	return err
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
