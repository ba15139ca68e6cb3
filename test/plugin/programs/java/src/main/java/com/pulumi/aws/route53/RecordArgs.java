package com.pulumi.aws.route53;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Import;
import com.pulumi.resources.ResourceArgs;
import java.util.List;

/** Inputs of {@link Record}. */
public final class RecordArgs extends ResourceArgs {
    @Import(name = "zoneId", required = true)
    private Output<String> zoneId;

    @Import(name = "name", required = true)
    private Output<String> name;

    @Import(name = "type", required = true)
    private Output<String> type;

    @Import(name = "ttl")
    private Output<Integer> ttl;

    @Import(name = "records")
    private Output<List<String>> records;

    private RecordArgs() {}

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        private final RecordArgs args = new RecordArgs();

        public Builder zoneId(String zoneId) {
            args.zoneId = Output.of(zoneId);
            return this;
        }

        public Builder name(String name) {
            args.name = Output.of(name);
            return this;
        }

        public Builder type(String type) {
            args.type = Output.of(type);
            return this;
        }

        public Builder ttl(Integer ttl) {
            args.ttl = Output.of(ttl);
            return this;
        }

        public Builder records(Output<List<String>> records) {
            args.records = records;
            return this;
        }

        public RecordArgs build() {
            return args;
        }
    }
}
