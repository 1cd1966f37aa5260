//go:build crds

// Package tools pins the module that carries the custom resource definitions of the Gateway API.
package tools

import _ "sigs.k8s.io/gateway-api/apis/v1"
