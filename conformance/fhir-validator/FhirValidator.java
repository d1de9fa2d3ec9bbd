// The HAPI FHIR validator over lines: a resource a line on standard input, its findings as a JSON list a line on standard output, in order. Arguments are profiles (files).
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

class LinesValidator {
  private static final int AHEAD = 64;
  private static final ObjectMapper json = new ObjectMapper();

  public static void main(String[] profiles) throws Exception {
    var validator = validator(profiles);
    var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    var waiting = new ArrayDeque<Future<String>>();
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        var text = line;
        waiting.add(threads.submit(() -> findings(validator, text)));
        if (waiting.size() > AHEAD) write(out, waiting.remove().get());
      }
      while (!waiting.isEmpty()) write(out, waiting.remove().get());
    }
    threads.shutdown();
  }

  private static FhirValidator validator(String[] profiles) throws Exception {
    var context = FhirContext.forR4();
    var own = new PrePopulatedValidationSupport(context);
    for (var path : profiles) own.addResource(context.newJsonParser().parseResource(Files.readString(Path.of(path))));
    var chain = new ValidationSupportChain(own, new DefaultProfileValidationSupport(context), new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context), new SnapshotGeneratingValidationSupport(context));
    var module = new FhirInstanceValidator(chain);
    module.setAnyExtensionsAllowed(true);
    return context.newValidator().registerValidatorModule(module);
  }

  private static String findings(FhirValidator validator, String text) {
    try {
      List<Map<String, String>> found = validator.validateWithResult(text).getMessages().stream()
          .filter(one -> one.getSeverity().ordinal() >= ResultSeverityEnum.ERROR.ordinal()).map(LinesValidator::row).toList();
      return json.writeValueAsString(found);
    } catch (Exception failure) {
      return "[{\"id\":\"FAILED_TO_VALIDATE\",\"path\":\"\",\"text\":\"" + failure.getClass().getSimpleName() + "\"}]";
    }
  }

  private static Map<String, String> row(SingleValidationMessage one) {
    return Map.of("id", String.valueOf(one.getMessageId()), "path", String.valueOf(one.getLocationString()), "text", one.getMessage().replaceAll("\\s+", " "));
  }

  private static void write(BufferedWriter out, String line) throws Exception {
    out.write(line);
    out.newLine();
    out.flush();
  }
}
