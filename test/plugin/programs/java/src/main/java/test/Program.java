package test;

import com.google.gson.Gson;
import com.pulumi.Context;
import com.pulumi.Pulumi;
import io.github.pulumidigicert.digicert.DigicertFunctions;
import io.github.pulumidigicert.digicert.Reissue;
import io.github.pulumidigicert.digicert.ReissueArgs;
import io.github.pulumidigicert.digicert.enums.DeletionPolicy;
import io.github.pulumidigicert.digicert.inputs.CertificateArgs;
import io.github.pulumidigicert.digicert.inputs.GetOrderArgs;
import io.github.pulumidigicert.digicert.outputs.GetOrderResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One resource, and the order that it is on. A program of the documents may run beside it. */
public final class Program {
    private record Wanted(String name, Integer page, String orderId, Certificate certificate) {}

    private record Certificate(String commonName, List<String> dnsNames, String csr) {}

    public static void main(String[] args) {
        Pulumi.run(Program::declare);
    }

    private static void declare(Context ctx) {
        var wanted = read();
        if (wanted.page() != null) {
            if (wanted.page() == 0) page0.App.stack(ctx);
            else page1.App.stack(ctx);
        }
        var shop = new Reissue(wanted.name(), ReissueArgs.builder()
            .orderId(wanted.orderId())
            .certificate(CertificateArgs.builder()
                .commonName(wanted.certificate().commonName())
                .dnsNames(wanted.certificate().dnsNames())
                .csr(wanted.certificate().csr())
                .build())
            .deletionPolicy(DeletionPolicy.Forget)
            .build());
        var order = DigicertFunctions.getOrder(GetOrderArgs.builder().orderId(wanted.orderId()).build());
        ctx.export(wanted.name() + "Status", shop.status());
        ctx.export(wanted.name() + "SerialNumber", shop.serialNumber());
        ctx.export("orderStatus", order.applyValue(GetOrderResult::status));
    }

    private static Wanted read() {
        try {
            return new Gson().fromJson(Files.readString(Path.of("wanted.json")), Wanted.class);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
