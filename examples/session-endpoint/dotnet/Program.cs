// A session endpoint for Pipit as a minimal API of .NET 8. The widget POSTs what the visitor has filled in to /chat-session. This
// server adds who is signed in, and answers with a session of the chat. ../README.md gives the reasons.

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;

const int MaxBodyBytes = 16_384;

string[] allowedOrigins = Setting("ALLOWED_ORIGINS", "").Split(',');
int chatsPerMinute = int.Parse(Setting("CHATS_PER_MINUTE", "10"));
// The number of proxies of yours before this server, each of which adds an address to X-Forwarded-For.
int proxies = int.Parse(Setting("PROXIES", "0"));

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{Setting("PORT", "8080")}");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
builder.Services
    .AddHttpClient("service-site", client =>
    {
        string credentials = $"{Setting("B2C_USER", "")}:{Setting("B2C_PASSWORD", "")}";
        client.BaseAddress = new Uri(Setting("B2C_SITE", ""));
        // The limit is for the whole call, with the body of the answer.
        client.Timeout = TimeSpan.FromSeconds(double.Parse(Setting("TIMEOUT_SECONDS", "10")));
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        client.DefaultRequestHeaders.Add("OSvC-CREST-Application-Context", "Chat session endpoint");
    })
    // A redirect would take the credentials elsewhere.
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
    .RemoveAllLoggers();
builder.Services.AddRateLimiter(limiter =>
{
    // Counts the requests of each client, in the memory of this process.
    limiter.AddPolicy("chats", context => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = chatsPerMinute, Window = TimeSpan.FromMinutes(1) }));
    limiter.OnRejected = async (rejected, _) =>
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "60";
        await Refuse(429, "rate_limited").ExecuteAsync(rejected.HttpContext);
    };
});

var app = builder.Build();
if (proxies > 0)
{
    var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = proxies };
    forwarded.KnownNetworks.Clear();
    forwarded.KnownProxies.Clear();
    app.UseForwardedHeaders(forwarded);
}
app.Use(CheckOrigin);
app.UseRouting();
app.UseRateLimiter();
app.MapMethods("/chat-session", ["OPTIONS"], () => Results.NoContent());
app.MapPost("/chat-session", StartSession).RequireRateLimiting("chats");
app.MapMethods("/chat-session", ["GET", "PUT", "PATCH", "DELETE"], (HttpResponse response) =>
{
    response.Headers.Allow = "POST, OPTIONS";
    return Refuse(405, "method_not_allowed");
});
app.MapFallback(() => Refuse(404, "not_found"));
app.Run();

// YOUR LOGIN. Replace this function: return the signed-in visitor, such as from `request.HttpContext.User`, or null. Never take any of
// these members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
static JsonObject? FindSignedInVisitor(HttpRequest request)
{
    var sessions = JsonNode.Parse(Setting("DEMO_LOGINS", "{}"))!.AsObject();
    string? cookie = request.Cookies["login"];
    // contactId, firstName, lastName, emailAddress
    return cookie is null ? null : sessions[cookie]?.DeepClone().AsObject();
}

// Refuses pages of other origins, and opens the answers to the listed ones.
async Task CheckOrigin(HttpContext context, RequestDelegate next)
{
    var headers = context.Response.Headers;
    headers.CacheControl = "no-store";
    headers.Vary = "Origin";
    headers.XContentTypeOptions = "nosniff";
    string? origin = context.Request.Headers.Origin.Count == 0 ? null : context.Request.Headers.Origin.ToString();
    if (origin is not null && !allowedOrigins.Contains(origin))
    {
        await Refuse(403, "origin_not_allowed").ExecuteAsync(context);
        return;
    }
    if (origin is not null)
    {
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = "Content-Type";
    }
    await next(context);
}

async Task<IResult> StartSession(HttpRequest request, IHttpClientFactory clients, ILogger<Program> logger)
{
    if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
    {
        return Refuse(415, "unsupported_type");
    }
    JsonObject answers;
    try
    {
        using var body = await JsonDocument.ParseAsync(request.Body);
        if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.EnumerateObject().All(Answers.IsValid))
        {
            return Refuse(400, "malformed");
        }
        answers = new JsonObject();
        foreach (var member in body.RootElement.EnumerateObject())
        {
            answers[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
    }
    catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
    {
        return Refuse(413, "too_large");
    }
    // The second one is thrown for a text with half of a surrogate pair.
    catch (Exception error) when (error is JsonException or InvalidOperationException)
    {
        return Refuse(400, "malformed");
    }
    if (FindSignedInVisitor(request) is { } visitor)
    {
        // What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
        foreach (string name in new[] { "firstName", "lastName", "emailAddress" })
        {
            answers.Remove(name);
        }
        foreach (var (name, value) in visitor)
        {
            answers[name] = value?.DeepClone();
        }
    }
    return await EstablishSession(answers, clients.CreateClient("service-site"), logger);
}

// Asks the service site for a session. The answer has the three members that the widget needs, and no others.
static async Task<IResult> EstablishSession(JsonObject sessionInformation, HttpClient client, ILogger logger)
{
    // The value is JSON in a text, not an object.
    var body = new JsonObject { ["sessionInformation"] = sessionInformation.ToJsonString() };
    using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
    try
    {
        using var response = await client.PostAsync("/services/rest/crossChannelServices/latest/establishSessions", content);
        if (response.StatusCode == System.Net.HttpStatusCode.OK)
        {
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
            var session = new Dictionary<string, string>();
            foreach (string name in new[] { "siteName", "channelToken", "sessionServerResponse" })
            {
                session[name] = answer[name]?.GetValue<string>() is { Length: > 0 } text ? text : throw new JsonException(name);
            }
            return Results.Json(session);
        }
        // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
        logger.LogWarning("establishSessions: status {Status}", (int)response.StatusCode);
    }
    catch (TaskCanceledException)
    {
        logger.LogWarning("establishSessions: no answer in time");
        return Refuse(504, "service_timeout");
    }
    catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or NullReferenceException)
    {
        logger.LogWarning("establishSessions: {Cause}", error.GetType().Name);
    }
    return Refuse(502, "service_unavailable");
}

static IResult Refuse(int status, string code) => Results.Json(new { error = code }, statusCode: status);

static string Setting(string name, string defaultValue) => Environment.GetEnvironmentVariable(name) ?? defaultValue;

/// <summary>What the visitor has filled in. Only members that the widget is known to send are accepted.</summary>
static class Answers
{
    private const int MaxCustomFields = 20;
    private static readonly string[] CustomFields =
        (Environment.GetEnvironmentVariable("CUSTOM_FIELDS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    public static bool IsValid(JsonProperty member) => member.Name switch
    {
        "firstName" or "lastName" or "emailAddress" => IsText(member.Value, 80),
        "question" => IsText(member.Value, 4_000),
        "productId" or "categoryId" or "queueId" =>
            member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out long id) && id is > 0 and < 1L << 53,
        "customFields" =>
            member.Value.ValueKind == JsonValueKind.Array
            && member.Value.GetArrayLength() <= MaxCustomFields
            && member.Value.EnumerateArray().All(IsCustomField),
        _ => false,
    };

    private static bool IsText(JsonElement value, int maxLength) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text
        && text.Length <= maxLength
        && text.All(unit => !char.IsControl(unit) || unit is '\t' or '\r' or '\n');

    private static bool IsCustomField(JsonElement field)
    {
        if (field.ValueKind != JsonValueKind.Object || field.EnumerateObject().Count() != 3
            || !field.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !field.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String
            || !field.TryGetProperty("value", out var value) || !CustomFields.Contains(name.GetString()))
        {
            return false;
        }
        return type.GetString() switch
        {
            "STRING" => IsText(value, 1_000),
            "BOOLEAN" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => false,
        };
    }
}
