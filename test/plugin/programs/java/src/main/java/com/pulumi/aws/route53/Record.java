package com.pulumi.aws.route53;

import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;

/** The part of pulumi-aws that the documents use; test/plugin/route53.ts serves it. */
public final class Record extends CustomResource {
    public Record(String name, RecordArgs args) {
        this(name, args, CustomResourceOptions.Empty);
    }

    public Record(String name, RecordArgs args, CustomResourceOptions options) {
        super("aws:route53/record:Record", name, args, options, false);
    }
}
