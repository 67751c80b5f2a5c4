<?php
// Plays the part of Oracle's Customer Portal that ../php-customer-portal/ChatSession.php uses, so that the contract's requests reach
// that controller. The settings come from the environment, and the login from the cookie that all examples of the contract use.

namespace RightNow\Utils {
    class Config
    {
        public static function getConfig($setting)
        {
            return (string) getenv($setting);
        }
    }

    class Framework
    {
        public static function isLoggedIn()
        {
            return self::findLogin() !== null;
        }

        public static function findLogin()
        {
            $sessions = json_decode(getenv('DEMO_LOGINS'), true);
            return $sessions[$_COOKIE['login'] ?? ''] ?? null;
        }
    }
}

namespace RightNow\Controllers {
    class Session
    {
        public function getProfile($isObject)
        {
            $login = \RightNow\Utils\Framework::findLogin();
            return (object) [
                'contactID' => $login['contactId'],
                'firstName' => $login['firstName'] ?? null,
                'lastName' => $login['lastName'] ?? null,
                'email' => $login['emailAddress'] ?? null,
            ];
        }
    }

    class Base
    {
        public $session;

        public function __construct()
        {
            $this->session = new Session();
        }
    }
}

namespace {
    ini_set('display_errors', '0');
    // The portal has a constant for each of its settings. Here, the value is the name of the variable.
    foreach (
        [
            'SITE' => 'B2C_SITE', 'USER' => 'B2C_USER', 'PASSWORD' => 'B2C_PASSWORD', 'ALLOWED_ORIGINS' => 'ALLOWED_ORIGINS',
            'CUSTOM_FIELDS' => 'CUSTOM_FIELDS', 'PER_MINUTE' => 'CHATS_PER_MINUTE', 'TIMEOUT' => 'TIMEOUT_SECONDS',
            'PROXIES' => 'PROXIES', 'RATE_FILE' => 'RATE_FILE',
        ] as $setting => $variable
    ) {
        define("CUSTOM_CFG_CHAT_$setting", $variable);
    }
    require __DIR__ . '/../php-customer-portal/ChatSession.php';
    (new Custom\Controllers\ChatSession())->start();
}
