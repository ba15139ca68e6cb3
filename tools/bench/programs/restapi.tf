terraform {
  required_providers {
    restapi = { source = "Mastercard/restapi" }
  }
}

variable "base_url" {}
variable "api_key" {}
# Requests per second; 0 leaves them unlimited.
variable "rate_limit" { default = 0 }

provider "restapi" {
  uri     = var.base_url
  headers = { "X-DC-DEVKEY" = var.api_key, "Content-Type" = "application/json" }
  # One request for each create: the answer to the POST is taken as the object.
  create_returns_object = true
  rate_limit            = var.rate_limit > 0 ? var.rate_limit : null
}

locals {
  rows = { for row in jsondecode(file("rows.json")) : row.name => row }
}

resource "restapi_object" "reissue" {
  for_each    = local.rows
  path        = "/order/certificate"
  object_id   = each.value.orderId
  create_path = "/order/certificate/${each.value.orderId}/reissue"
  update_path = "/order/certificate/${each.value.orderId}/reissue"
  # DigiCert has nothing to delete; reading is harmless.
  destroy_method = "GET"
  update_method  = "POST"
  data = jsonencode({
    certificate = {
      common_name     = each.value.commonName
      dns_names       = each.value.dnsNames
      csr             = each.value.csr
      server_platform = { id = -1 }
      signature_hash  = "sha256"
    }
    skip_approval = true
  })
}
