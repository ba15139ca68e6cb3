// Command sdk generates code for the languages whose generators are Go packages of Pulumi.
//
//	digicert-code-generator schema.json out go python nodejs
//
// writes SDKs from a schema. Under the name of a language host, such as pulumi-language-python, it answers the CLI where that
// generates code: for "pulumi import", "pulumi package add" and "pulumi package gen-sdk". Pulumi's own hosts for these languages
// are not available as Go modules.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	nodegen "github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	pygen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-digicert"

var generators = map[string]func(*schema.Package) (map[string][]byte, error){
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		return gogen.GeneratePackage(tool, pkg, nil)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return pygen.GeneratePackage(tool, pkg, nil, nil)
	},
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		return nodegen.GeneratePackage(tool, pkg, nil, nil, false, nil)
	},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if language, isHost := strings.CutPrefix(filepath.Base(os.Args[0]), "pulumi-language-"); isHost {
		return serve(language)
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	for _, language := range os.Args[3:] {
		var spec schema.PackageSpec
		if err := json.Unmarshal(text, &spec); err != nil {
			return err
		}
		if err := generate(language, spec, filepath.Join(os.Args[2], language)); err != nil {
			return fmt.Errorf("generating the SDK for %s: %w", language, err)
		}
	}
	return nil
}

// generate writes the SDK of a language into a folder.
func generate(language string, spec schema.PackageSpec, folder string) error {
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if diagnostics.HasErrors() {
		return diagnostics
	}
	files, err := generators[language](pkg)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
