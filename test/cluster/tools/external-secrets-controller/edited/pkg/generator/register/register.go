// Package register has the generators that tests use: all of them would bring the programs of every cloud.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/generator/fake"
	_ "github.com/external-secrets/external-secrets/pkg/generator/password"
)
