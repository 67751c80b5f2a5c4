// A session endpoint for Pipit with the JDK's own HttpServer (Java 17) and Gson. The widget POSTs what the visitor has filled in to
// /chat-session. This server adds who is signed in, and answers with a session of the chat. ../README.md gives the reasons.

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

public class ChatSession {
    private static final int MAX_BODY_BYTES = 16_384;
    private static final Map<String, Integer> TEXT_LIMITS = Map.of("firstName", 80, "lastName", 80, "emailAddress", 80, "question", 4_000);
    private static final int MAX_CUSTOM_FIELDS = 20;
    /** No control characters but tabs and line breaks, and no half of a surrogate pair. */
    private static final Pattern TEXT = Pattern.compile("[\\P{Cc}\\t\\r\\n&&[\\P{Cs}]]*");

    private static final URI ESTABLISH_SESSIONS =
        URI.create(System.getenv("B2C_SITE") + "/services/rest/crossChannelServices/latest/establishSessions");
    private static final List<String> ALLOWED_ORIGINS = List.of(System.getenv("ALLOWED_ORIGINS").split(","));
    private static final List<String> CUSTOM_FIELDS = List.of(setting("CUSTOM_FIELDS", "").split(","));
    private static final int CHATS_PER_MINUTE = Integer.parseInt(setting("CHATS_PER_MINUTE", "10"));
    private static final int TIMEOUT_SECONDS = Integer.parseInt(setting("TIMEOUT_SECONDS", "10"));
    /** The number of proxies of yours before this server, each of which adds an address to X-Forwarded-For. */
    private static final int PROXIES = Integer.parseInt(setting("PROXIES", "0"));

    /** Follows no redirects, which would take the credentials elsewhere. */
    private static final HttpClient CLIENT = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /** An answer other than a session. */
    private static class Refusal extends Exception {
        final int status;

        Refusal(int status, String code) {
            super(code);
            this.status = status;
        }
    }

    /**
     * YOUR LOGIN. Replace this method: return the signed-in visitor from your own session, or null. Never take any of these members
     * from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
     */
    private static JsonObject findSignedInVisitor(HttpExchange exchange) {
        JsonObject sessions = JsonParser.parseString(setting("DEMO_LOGINS", "{}")).getAsJsonObject();
        for (String cookie : header(exchange, "Cookie").split("; ")) {
            if (cookie.startsWith("login=")) {
                return sessions.getAsJsonObject(cookie.substring("login=".length())); // contactId, firstName, lastName, emailAddress
            }
        }
        return null;
    }

    /** Asks the service site for a session. Returns the three members that the widget needs, and no others. */
    private static JsonObject establishSession(JsonObject sessionInformation) throws Refusal, InterruptedException {
        String credentials = System.getenv("B2C_USER") + ":" + System.getenv("B2C_PASSWORD");
        JsonObject body = new JsonObject();
        // The value is JSON in a text, not an object.
        body.addProperty("sessionInformation", sessionInformation.toString());
        HttpRequest request = HttpRequest.newBuilder(ESTABLISH_SESSIONS)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/json")
            .header("OSvC-CREST-Application-Context", "Chat session endpoint")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
        var call = CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            // The limit is for the whole call. A limit of the request would end with the headers of the answer.
            HttpResponse<String> response = call.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (response.statusCode() == 200) {
                return readSession(response.body());
            }
            // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
            System.err.println("establishSessions: status " + response.statusCode());
        } catch (TimeoutException error) {
            call.cancel(true);
            System.err.println("establishSessions: no answer in time");
            throw new Refusal(504, "service_timeout");
        } catch (ExecutionException error) {
            System.err.println("establishSessions: " + error.getCause().getClass().getSimpleName());
        } catch (RuntimeException error) {
            System.err.println("establishSessions: no session in the answer");
        }
        throw new Refusal(502, "service_unavailable");
    }

    private static JsonObject readSession(String text) {
        JsonObject answer = JsonParser.parseString(text).getAsJsonObject();
        JsonObject session = new JsonObject();
        for (String name : List.of("siteName", "channelToken", "sessionServerResponse")) {
            if (!isString(answer.get(name)) || answer.get(name).getAsString().isEmpty()) {
                throw new JsonParseException(name);
            }
            session.add(name, answer.get(name));
        }
        return session;
    }

    private static boolean isString(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static boolean isText(JsonElement value, int maxLength) {
        return isString(value) && value.getAsString().length() <= maxLength && TEXT.matcher(value.getAsString()).matches();
    }

    private static boolean isId(JsonElement value) {
        if (!(value instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
            return false;
        }
        // A number with a huge exponent has few characters and an endless number of digits.
        BigDecimal number = primitive.getAsBigDecimal();
        return number.scale() == 0 && number.signum() > 0 && number.compareTo(BigDecimal.valueOf(1L << 53)) < 0;
    }

    private static boolean isCustomField(JsonElement element) {
        if (!(element instanceof JsonObject field) || !field.keySet().equals(Set.of("name", "type", "value"))) {
            return false;
        }
        if (!isString(field.get("name")) || !isString(field.get("type")) || !CUSTOM_FIELDS.contains(field.get("name").getAsString())) {
            return false;
        }
        return switch (field.get("type").getAsString()) {
            case "STRING" -> isText(field.get("value"), 1_000);
            case "BOOLEAN" -> field.get("value") instanceof JsonPrimitive value && value.isBoolean();
            default -> false;
        };
    }

    private static boolean isAnswer(String name, JsonElement value) {
        if (TEXT_LIMITS.containsKey(name)) {
            return isText(value, TEXT_LIMITS.get(name));
        }
        if (Set.of("productId", "categoryId", "queueId").contains(name)) {
            return isId(value);
        }
        if (!name.equals("customFields") || !(value instanceof JsonArray fields) || fields.size() > MAX_CUSTOM_FIELDS) {
            return false;
        }
        for (JsonElement field : fields) {
            if (!isCustomField(field)) {
                return false;
            }
        }
        return true;
    }

    /** Reads what the visitor has filled in. Only members that the widget is known to send are accepted. */
    private static JsonObject readAnswers(HttpExchange exchange) throws IOException, Refusal {
        if (!header(exchange, "Content-Type").split(";")[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "unsupported_type");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new Refusal(413, "too_large");
        }
        // JsonParser also accepts what is no JSON, such as names without quotes. This reader is strict.
        try (JsonReader reader = new JsonReader(new StringReader(new String(body, StandardCharsets.UTF_8)))) {
            JsonObject answers = new Gson().getAdapter(JsonElement.class).read(reader).getAsJsonObject();
            boolean isWhole = reader.peek() == JsonToken.END_DOCUMENT;
            if (isWhole && answers.entrySet().stream().allMatch(entry -> isAnswer(entry.getKey(), entry.getValue()))) {
                return answers;
            }
        } catch (IOException | RuntimeException | StackOverflowError error) {
            // It is refused below.
        }
        throw new Refusal(400, "malformed");
    }

    private static long currentMinute = 0;
    private static final Map<String, Integer> REQUEST_COUNTS = new HashMap<>();

    /** Counts the requests of each client in each minute, in the memory of this process. */
    private static synchronized boolean isFlooding(HttpExchange exchange) {
        long minute = System.currentTimeMillis() / 60_000;
        if (minute != currentMinute) {
            currentMinute = minute;
            REQUEST_COUNTS.clear();
        }
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (PROXIES > 0) {
            // Only what your own proxies have added is believed: the visitor can send the rest of this header.
            String[] forwarded = header(exchange, "X-Forwarded-For").split(",");
            client = forwarded.length >= PROXIES ? forwarded[forwarded.length - PROXIES].strip() : "";
        }
        return REQUEST_COUNTS.merge(client, 1, Integer::sum) > CHATS_PER_MINUTE;
    }

    /** Returns the session, or null for a preflight. */
    private static JsonObject answer(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        if (!exchange.getRequestURI().getPath().equals("/chat-session")) {
            throw new Refusal(404, "not_found");
        }
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null && !ALLOWED_ORIGINS.contains(origin)) {
            throw new Refusal(403, "origin_not_allowed");
        }
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            return null;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST, OPTIONS");
            throw new Refusal(405, "method_not_allowed");
        }
        if (isFlooding(exchange)) {
            exchange.getResponseHeaders().set("Retry-After", "60");
            throw new Refusal(429, "rate_limited");
        }
        JsonObject answers = readAnswers(exchange);
        JsonObject visitor = findSignedInVisitor(exchange);
        if (visitor != null) {
            // What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
            List.of("firstName", "lastName", "emailAddress").forEach(answers::remove);
            visitor.entrySet().forEach(member -> answers.add(member.getKey(), member.getValue()));
        }
        return establishSession(answers);
    }

    private static void handle(HttpExchange exchange) throws IOException {
        JsonObject body = null;
        int status = 204;
        try {
            body = answer(exchange);
            status = body == null ? 204 : 200;
        } catch (Refusal refusal) {
            body = new JsonObject();
            body.addProperty("error", refusal.getMessage());
            status = refusal.status;
        } catch (InterruptedException | RuntimeException error) {
            body = new JsonObject();
            body.addProperty("error", "internal");
            status = 500;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("Vary", "Origin");
        headers.set("X-Content-Type-Options", "nosniff");
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null && ALLOWED_ORIGINS.contains(origin)) {
            headers.set("Access-Control-Allow-Origin", origin);
            headers.set("Access-Control-Allow-Methods", "POST");
            headers.set("Access-Control-Allow-Headers", "Content-Type");
        }
        byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        if (body != null) {
            headers.set("Content-Type", "application/json");
        }
        // For this server, the length -1 means that there is no body.
        exchange.sendResponseHeaders(status, body == null ? -1 : bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? "" : String.join(",", values);
    }

    private static String setting(String name, String defaultValue) {
        String value = System.getenv(name);
        return value == null ? defaultValue : value;
    }

    public static void main(String[] arguments) throws IOException {
        // In s: how long a client may take to send a request. Without a limit, slow clients could hold all threads.
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(setting("PORT", "8080")));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/", ChatSession::handle);
        server.setExecutor(Executors.newFixedThreadPool(32));
        server.start();
    }
}
