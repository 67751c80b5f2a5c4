<?php
// A session endpoint for Pipit in plain PHP 7.4 or newer, with the extension curl. The widget POSTs what the visitor has filled in.
// This file adds who is signed in, and answers with a session of the chat. ../README.md gives the reasons.

declare(strict_types=1);

const MAX_BODY_BYTES = 16384;
const TEXT_LIMITS = ['firstName' => 80, 'lastName' => 80, 'emailAddress' => 80, 'question' => 4000];
const MAX_CUSTOM_FIELDS = 20;

// Errors of PHP go to the log, and never into an answer.
ini_set('display_errors', '0');

/** An answer other than a session. */
class Refusal extends Exception
{
    public array $headers;

    public function __construct(int $status, string $error, array $headers = [])
    {
        parent::__construct($error, $status);
        $this->headers = $headers;
    }
}

/**
 * YOUR LOGIN. Replace this function: return the signed-in visitor from your own session, such as $_SESSION['user'], or null.
 * Never take any of these members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
 */
function find_signed_in_visitor(): ?array
{
    $sessions = json_decode(setting('DEMO_LOGINS', '{}'), true);
    return $sessions[$_COOKIE['login'] ?? ''] ?? null; // ['contactId', 'firstName', 'lastName', 'emailAddress']
}

function setting(string $name, string $default): string
{
    $value = getenv($name);
    return $value === false ? $default : $value;
}

function setting_list(string $name): array
{
    return array_values(array_filter(explode(',', setting($name, ''))));
}

/** Asks the service site for a session. Returns the three members that the widget needs, and no others. */
function establish_session(array $session_information): array
{
    $call = curl_init(setting('B2C_SITE', '') . '/services/rest/crossChannelServices/latest/establishSessions');
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_HTTPHEADER => [
            'Authorization: Basic ' . base64_encode(setting('B2C_USER', '') . ':' . setting('B2C_PASSWORD', '')),
            'Content-Type: application/json',
            'OSvC-CREST-Application-Context: Chat session endpoint',
        ],
        // The value is JSON in a text, not an object. An empty array would become a list.
        CURLOPT_POSTFIELDS => json_encode(['sessionInformation' => json_encode((object) $session_information)]),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FOLLOWLOCATION => false,
        CURLOPT_TIMEOUT => (int) setting('TIMEOUT_SECONDS', '10'),
    ]);
    $text = curl_exec($call);
    $error = curl_errno($call);
    $status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);
    // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
    if ($error === CURLE_OPERATION_TIMEDOUT) {
        error_log('establishSessions: no answer in time');
        throw new Refusal(504, 'service_timeout');
    }
    $answer = $error === 0 && $status === 200 ? json_decode($text, true) : null;
    $session = [];
    foreach (['siteName', 'channelToken', 'sessionServerResponse'] as $name) {
        $session[$name] = is_array($answer) ? $answer[$name] ?? null : null;
        if (!is_string($session[$name]) || $session[$name] === '') {
            error_log("establishSessions: no session, status $status, curl error $error");
            throw new Refusal(502, 'service_unavailable');
        }
    }
    return $session;
}

function is_text($value, int $max_length): bool
{
    // No control characters but tabs and line breaks. A text that is not UTF-8 does not match either.
    return is_string($value) && preg_match('/^[\P{Cc}\t\r\n]*$/Du', $value) === 1 && preg_match_all('/./su', $value) <= $max_length;
}

function is_custom_field($field): bool
{
    if (!is_object($field)) {
        return false;
    }
    $members = get_object_vars($field);
    ksort($members);
    if (array_keys($members) !== ['name', 'type', 'value'] || !in_array($field->name, setting_list('CUSTOM_FIELDS'), true)) {
        return false;
    }
    return ($field->type === 'STRING' && is_text($field->value, 1000)) || ($field->type === 'BOOLEAN' && is_bool($field->value));
}

function is_answer(string $name, $value): bool
{
    if (isset(TEXT_LIMITS[$name])) {
        return is_text($value, TEXT_LIMITS[$name]);
    }
    if (in_array($name, ['productId', 'categoryId', 'queueId'], true)) {
        return is_int($value) && $value > 0 && $value < 2 ** 53;
    }
    $is_list = $name === 'customFields' && is_array($value) && count($value) <= MAX_CUSTOM_FIELDS;
    return $is_list && count(array_filter($value, 'is_custom_field')) === count($value);
}

/** Reads what the visitor has filled in. Only members that the widget is known to send are accepted. */
function read_answers(): array
{
    if (!preg_match('~^application/json\s*(;|$)~i', $_SERVER['CONTENT_TYPE'] ?? '')) {
        throw new Refusal(415, 'unsupported_type');
    }
    $body = file_get_contents('php://input', false, null, 0, MAX_BODY_BYTES + 1);
    if (strlen($body) > MAX_BODY_BYTES) {
        throw new Refusal(413, 'too_large');
    }
    $answers = json_decode($body);
    if (!is_object($answers)) {
        throw new Refusal(400, 'malformed');
    }
    $answers = get_object_vars($answers);
    foreach ($answers as $name => $value) {
        if (!is_answer((string) $name, $value)) {
            throw new Refusal(400, 'malformed');
        }
    }
    return $answers;
}

/** The address of the client. Of X-Forwarded-For, only what your own proxies have added is believed. */
function client_address(): string
{
    $proxies = (int) setting('PROXIES', '0');
    $forwarded = array_map('trim', explode(',', $_SERVER['HTTP_X_FORWARDED_FOR'] ?? ''));
    return $proxies > 0 ? $forwarded[count($forwarded) - $proxies] ?? '' : $_SERVER['REMOTE_ADDR'];
}

/** Counts the requests of each client in each minute, in a file that all processes of this machine share. */
function is_flooding(string $client): bool
{
    $file = fopen(setting('RATE_FILE', sys_get_temp_dir() . '/chat-session-rate.json'), 'c+');
    flock($file, LOCK_EX);
    $minute = intdiv(time(), 60);
    $state = json_decode(stream_get_contents($file), true);
    $counts = ($state['minute'] ?? null) === $minute ? $state['counts'] : [];
    $counts[$client] = ($counts[$client] ?? 0) + 1;
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, json_encode(['minute' => $minute, 'counts' => $counts]));
    fclose($file);
    return $counts[$client] > (int) setting('CHATS_PER_MINUTE', '10');
}

/** Returns the session, or null for a preflight. */
function answer(): ?array
{
    $origin = $_SERVER['HTTP_ORIGIN'] ?? null;
    if ($origin !== null && !in_array($origin, setting_list('ALLOWED_ORIGINS'), true)) {
        throw new Refusal(403, 'origin_not_allowed');
    }
    if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
        return null;
    }
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        throw new Refusal(405, 'method_not_allowed', ['Allow: POST, OPTIONS']);
    }
    if (is_flooding(client_address())) {
        throw new Refusal(429, 'rate_limited', ['Retry-After: 60']);
    }
    $answers = read_answers();
    $visitor = find_signed_in_visitor();
    if ($visitor !== null) {
        // What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
        unset($answers['firstName'], $answers['lastName'], $answers['emailAddress']);
    }
    return establish_session(array_merge($answers, $visitor ?? []));
}

header('Cache-Control: no-store');
header('Vary: Origin');
header('X-Content-Type-Options: nosniff');
if (in_array($_SERVER['HTTP_ORIGIN'] ?? null, setting_list('ALLOWED_ORIGINS'), true)) {
    header('Access-Control-Allow-Origin: ' . $_SERVER['HTTP_ORIGIN']);
    header('Access-Control-Allow-Methods: POST');
    header('Access-Control-Allow-Headers: Content-Type');
}
try {
    $body = answer();
    http_response_code($body === null ? 204 : 200);
} catch (Refusal $refusal) {
    http_response_code($refusal->getCode());
    array_map('header', $refusal->headers);
    $body = ['error' => $refusal->getMessage()];
}
if ($body !== null) {
    header('Content-Type: application/json');
    echo json_encode($body);
}
