"""The part of pulumi_aws that the documents use; test/plugin/route53.ts serves it."""

from . import route53

__all__ = ["route53"]
