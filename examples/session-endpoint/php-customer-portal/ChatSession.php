<?php
// A session endpoint for Pipit as a controller of Oracle's Customer Portal (framework 3). The portal serves it at
// /cc/ChatSession/start. The widget POSTs what the visitor has filled in. The controller adds who is logged in to the portal, and
// answers with a session of the chat. ../README.md gives the reasons.

namespace Custom\Controllers;

use RightNow\Utils\Config;
use RightNow\Utils\Framework;

class ChatSession extends \RightNow\Controllers\Base
{
    const MAX_BODY_BYTES = 16384;
    const TEXT_LIMITS = ['firstName' => 80, 'lastName' => 80, 'emailAddress' => 80, 'question' => 4000];
    const MAX_CUSTOM_FIELDS = 20;

    public function __construct()
    {
        parent::__construct();
    }

    public function start()
    {
        $origin = isset($_SERVER['HTTP_ORIGIN']) ? $_SERVER['HTTP_ORIGIN'] : null;
        $isListed = in_array($origin, $this->settingList(CUSTOM_CFG_CHAT_ALLOWED_ORIGINS), true);
        header('Cache-Control: no-store');
        header('Vary: Origin');
        header('X-Content-Type-Options: nosniff');
        if ($isListed) {
            header("Access-Control-Allow-Origin: $origin");
            header('Access-Control-Allow-Methods: POST');
            header('Access-Control-Allow-Headers: Content-Type');
        }
        if ($origin !== null && !$isListed) {
            return $this->send(403, ['error' => 'origin_not_allowed']);
        }
        if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
            return $this->send(204, null);
        }
        if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
            header('Allow: POST, OPTIONS');
            return $this->send(405, ['error' => 'method_not_allowed']);
        }
        if ($this->isFlooding()) {
            header('Retry-After: 60');
            return $this->send(429, ['error' => 'rate_limited']);
        }
        list($status, $body) = $this->startSession();
        $this->send($status, $body);
    }

    /** The visitor who is logged in to the portal, or null. None of these members may come from the body of the request. */
    private function findSignedInVisitor()
    {
        if (!Framework::isLoggedIn()) {
            return null;
        }
        $profile = $this->session->getProfile(true);
        return array_filter([
            'contactId' => (int) $profile->contactID,
            'firstName' => $profile->firstName,
            'lastName' => $profile->lastName,
            'emailAddress' => $profile->email,
        ]);
    }

    /** Returns the status and the body of the answer. */
    private function startSession()
    {
        if (!preg_match('~^application/json\s*(;|$)~i', isset($_SERVER['CONTENT_TYPE']) ? $_SERVER['CONTENT_TYPE'] : '')) {
            return [415, ['error' => 'unsupported_type']];
        }
        $text = file_get_contents('php://input', false, null, 0, self::MAX_BODY_BYTES + 1);
        if (strlen($text) > self::MAX_BODY_BYTES) {
            return [413, ['error' => 'too_large']];
        }
        $answers = json_decode($text);
        if (!is_object($answers)) {
            return [400, ['error' => 'malformed']];
        }
        $answers = get_object_vars($answers);
        foreach ($answers as $name => $value) {
            if (!$this->isAnswer((string) $name, $value)) {
                return [400, ['error' => 'malformed']];
            }
        }
        $visitor = $this->findSignedInVisitor();
        if ($visitor !== null) {
            // What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
            unset($answers['firstName'], $answers['lastName'], $answers['emailAddress']);
            $answers = array_merge($answers, $visitor);
        }
        return $this->establishSession($answers);
    }

    /** Asks the service site for a session. The answer has the three members that the widget needs, and no others. */
    private function establishSession(array $sessionInformation)
    {
        // The portal loads the extension only on request.
        if (!extension_loaded('curl')) {
            load_curl();
        }
        $credentials = Config::getConfig(CUSTOM_CFG_CHAT_USER) . ':' . Config::getConfig(CUSTOM_CFG_CHAT_PASSWORD);
        $call = curl_init(Config::getConfig(CUSTOM_CFG_CHAT_SITE) . '/services/rest/crossChannelServices/latest/establishSessions');
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_HTTPHEADER => [
                'Authorization: Basic ' . base64_encode($credentials),
                'Content-Type: application/json',
                'OSvC-CREST-Application-Context: Chat session endpoint',
            ],
            // The value is JSON in a text, not an object. An empty array would become a list.
            CURLOPT_POSTFIELDS => json_encode(['sessionInformation' => json_encode((object) $sessionInformation)]),
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_TIMEOUT => (int) Config::getConfig(CUSTOM_CFG_CHAT_TIMEOUT),
        ]);
        $text = curl_exec($call);
        $error = curl_errno($call);
        $status = curl_getinfo($call, CURLINFO_HTTP_CODE);
        // The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
        if ($error === CURLE_OPERATION_TIMEOUTED) {
            error_log('establishSessions: no answer in time');
            return [504, ['error' => 'service_timeout']];
        }
        $answer = $error === 0 && $status === 200 ? json_decode($text, true) : null;
        $session = [];
        foreach (['siteName', 'channelToken', 'sessionServerResponse'] as $name) {
            $session[$name] = is_array($answer) && isset($answer[$name]) ? $answer[$name] : null;
            if (!is_string($session[$name]) || $session[$name] === '') {
                error_log("establishSessions: no session, status $status, curl error $error");
                return [502, ['error' => 'service_unavailable']];
            }
        }
        return [200, $session];
    }

    private function isText($value, $maxLength)
    {
        // No control characters but tabs and line breaks. A text that is not UTF-8 does not match either.
        $isText = is_string($value) && preg_match('/^[\P{Cc}\t\r\n]*$/Du', $value) === 1;
        return $isText && preg_match_all('/./su', $value) <= $maxLength;
    }

    private function isCustomField($field)
    {
        if (!is_object($field)) {
            return false;
        }
        $members = get_object_vars($field);
        ksort($members);
        $names = $this->settingList(CUSTOM_CFG_CHAT_CUSTOM_FIELDS);
        if (array_keys($members) !== ['name', 'type', 'value'] || !in_array($field->name, $names, true)) {
            return false;
        }
        $isString = $field->type === 'STRING' && $this->isText($field->value, 1000);
        return $isString || ($field->type === 'BOOLEAN' && is_bool($field->value));
    }

    private function isAnswer($name, $value)
    {
        $limits = self::TEXT_LIMITS;
        if (isset($limits[$name])) {
            return $this->isText($value, $limits[$name]);
        }
        if (in_array($name, ['productId', 'categoryId', 'queueId'], true)) {
            return is_int($value) && $value > 0 && $value < pow(2, 53);
        }
        $isList = $name === 'customFields' && is_array($value) && count($value) <= self::MAX_CUSTOM_FIELDS;
        return $isList && count(array_filter($value, [$this, 'isCustomField'])) === count($value);
    }

    /** Counts the requests of each client in each minute, in a file of this web server. The portal runs on several of them. */
    private function isFlooding()
    {
        $proxies = (int) Config::getConfig(CUSTOM_CFG_CHAT_PROXIES);
        $forwarded = array_map('trim', explode(',', isset($_SERVER['HTTP_X_FORWARDED_FOR']) ? $_SERVER['HTTP_X_FORWARDED_FOR'] : ''));
        $last = count($forwarded) - $proxies;
        // Of X-Forwarded-For, only what the proxies before the portal have added is believed.
        $client = $proxies === 0 ? $_SERVER['REMOTE_ADDR'] : (isset($forwarded[$last]) ? $forwarded[$last] : '');
        $file = fopen(Config::getConfig(CUSTOM_CFG_CHAT_RATE_FILE), 'c+');
        flock($file, LOCK_EX);
        $minute = (int) (time() / 60);
        $state = json_decode(stream_get_contents($file), true);
        $counts = isset($state['minute']) && $state['minute'] === $minute ? $state['counts'] : [];
        $counts[$client] = isset($counts[$client]) ? $counts[$client] + 1 : 1;
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode(['minute' => $minute, 'counts' => $counts]));
        fclose($file);
        return $counts[$client] > (int) Config::getConfig(CUSTOM_CFG_CHAT_PER_MINUTE);
    }

    private function settingList($setting)
    {
        return array_values(array_filter(explode(',', Config::getConfig($setting))));
    }

    private function send($status, $body)
    {
        http_response_code($status);
        if ($body !== null) {
            header('Content-Type: application/json');
            echo json_encode($body);
        }
    }
}
