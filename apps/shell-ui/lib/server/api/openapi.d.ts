// Made by `nox -s openapi` from apps/api/openapi.json; do not edit.

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say that the process is alive; touches nothing else
         * @description Say that the process is alive; touches nothing else.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/db": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say whether the metadata can be read, or 503 with the reason
         * @description Say whether the metadata can be read, or 503 with the reason.
         */
        get: operations["getDatabaseHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say how people sign in here, and in demo mode as whom
         * @description Say how people sign in here, and in demo mode as whom.
         */
        get: operations["getSignInOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with email and password
         * @description Sign in with email and password.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/mock-login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a demo user in without a password; exists in demo mode only
         * @description Sign a demo user in without a password; exists in demo mode only.
         */
        post: operations["signInAsDemoUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out: the user token, and every tenant token that was given for it, is refused
         * @description Sign out: the user token, and every tenant token that was given for it, is refused.
         *
         *     By every replica, from the next request on. Doing it again changes nothing.
         */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the person's active tenants as they are now, by name
         * @description Return the person's active tenants as they are now, by name.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/dashboards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return how many dashboards each of the person's active tenants has, by name
         * @description Return how many dashboards each of the person's active tenants has, by name.
         */
        get: operations["getMyDashboards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/token/exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a token for one tenant, if the database says at this moment that it is theirs
         * @description Give a token for one tenant, if the database says at this moment that it is theirs.
         *
         *     The list of tenants in the user token is not asked: access revoked since sign-in is access gone, and access granted since is there. Another's tenant and one that does not exist are refused alike.
         */
        post: operations["exchangeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a token for one tenant by RFC 8693, OAuth 2.0 Token Exchange
         * @description Give a token for one tenant by RFC 8693, OAuth 2.0 Token Exchange.
         *
         *     The same exchange, for clients that speak OAuth. The tenant is its id in `audience`, or `urn:kyros:tenant:ID` in `resource`. A scope is a role: an admin may ask for a token that makes a mere `viewer` of them. Clients are not registered; credentials of theirs are ignored.
         */
        post: operations["exchangeTokenByStandard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenant/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the token's tenant
         * @description Return the token's tenant.
         */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenant/{tenant_id}/dashboards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the dashboards of the token's tenant, by title
         * @description Return the dashboards of the token's tenant, by title.
         */
        get: operations["listDashboards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tenant/{tenant_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return who was let in or turned away, newest first
         * @description Return who was let in or turned away, newest first.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboards/{slug}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say whether the person may see this dashboard at this moment, and as what
         * @description Say whether the person may see this dashboard at this moment, and as what.
         *
         *     Whoever shows dashboards asks this before each answer that does not come from here, so it is quick: one short read of the metadata.
         */
        get: operations["getAccess"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Access
         * @description Who may see a dashboard, of which tenant, and what they are there.
         */
        Access: {
            /** Tenant Id */
            tenant_id: string;
            /** User Id */
            user_id: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "viewer";
        };
        /**
         * AccessToken
         * @description A token, and for how many seconds it is good.
         */
        AccessToken: {
            /** Access Token */
            access_token: string;
            /**
             * Token Type
             * @default Bearer
             * @constant
             */
            token_type: "Bearer";
            /** Expires In */
            expires_in: number;
        };
        /**
         * AuditLine
         * @description Who was let in or turned away, and when.
         *
         *     `actor` is null where nobody is known, or where somebody of another organisation was turned away: that it happened concerns this tenant, who it was does not.
         */
        AuditLine: {
            /** Id */
            id: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor */
            actor: string | null;
            /** Action */
            action: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "allowed" | "denied";
            /** Request Id */
            request_id: string | null;
            /** Details */
            details: {
                [key: string]: string;
            };
        };
        /**
         * AuditLines
         * @description A page of the tenant's log, how many lines match in all, and where the next page begins.
         */
        AuditLines: {
            /** Tenant Id */
            tenant_id: string;
            /** Total */
            total: number;
            /**
             * Next Before
             * @description `before` of the next page; null on the last.
             */
            next_before: number | null;
            /** Events */
            events: components["schemas"]["AuditLine"][];
        };
        /**
         * AuthMode
         * @description How people sign in: with a password, or (development only) as a demo user.
         * @enum {string}
         */
        AuthMode: "password" | "demo";
        /**
         * Dashboard
         * @description A dashboard that the tenant has, with the tenant's own settings laid over the common ones.
         */
        Dashboard: {
            /** Slug */
            slug: string;
            /** Title */
            title: string;
            /** Description */
            description: string;
            /** Config Json */
            config_json: {
                [key: string]: unknown;
            };
        };
        /**
         * Dashboards
         * @description The tenant's dashboards, by title.
         */
        Dashboards: {
            /** Dashboards */
            dashboards: components["schemas"]["Dashboard"][];
        };
        /**
         * DatabaseHealth
         * @description The database answers, is migrated, and holds so many tenants.
         */
        DatabaseHealth: {
            /**
             * Status
             * @default ok
             * @constant
             */
            status: "ok";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** Revision */
            revision: string;
            /** Tenants */
            tenants: number;
        };
        /**
         * DemoUser
         * @description Somebody who may sign in without a password in demo mode.
         */
        DemoUser: {
            /** Email */
            email: string;
            /** Description */
            description: string;
        };
        /**
         * ExchangeRequest
         * @description The tenant that the person wants to enter.
         */
        ExchangeRequest: {
            /** Tenant Id */
            tenant_id: string;
        };
        /**
         * Health
         * @description The process answers.
         */
        Health: {
            /**
             * Status
             * @default ok
             * @constant
             */
            status: "ok";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /**
         * IssuedToken
         * @description A token as RFC 8693 (section 2.2.1) has it; the scope is the role that is in it.
         */
        IssuedToken: {
            /** Access Token */
            access_token: string;
            /**
             * Issued Token Type
             * @enum {string}
             */
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token" | "urn:ietf:params:oauth:token-type:jwt";
            /**
             * Token Type
             * @default Bearer
             * @constant
             */
            token_type: "Bearer";
            /** Expires In */
            expires_in: number;
            /**
             * Scope
             * @enum {string}
             */
            scope: "admin" | "viewer";
        };
        /**
         * Login
         * @description Who somebody says they are, and the proof; the password is shown in no log and no error.
         */
        Login: {
            /** Email */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * Me
         * @description Who is signed in, and where they may go.
         */
        Me: {
            /** User Id */
            user_id: string;
            /** Email */
            email: string;
            /** Tenants */
            tenants: components["schemas"]["MyTenant"][];
        };
        /**
         * MockLogin
         * @description A demo user, by email.
         */
        MockLogin: {
            /** Email */
            email: string;
        };
        /**
         * MyDashboards
         * @description How many dashboards there are in each tenant that the person may enter.
         */
        MyDashboards: {
            /** Tenants */
            tenants: components["schemas"]["TenantDashboards"][];
        };
        /**
         * MyTenant
         * @description A tenant that the person may enter, and as what.
         */
        MyTenant: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Slug */
            slug: string;
            /**
             * Role
             * @enum {string}
             */
            role: "admin" | "viewer";
            /** Config Json */
            config_json: {
                [key: string]: unknown;
            };
        };
        /**
         * Rows
         * @description A page of rows, and how many there are in all.
         */
        Rows: {
            /** Tenant Id */
            tenant_id: string;
            /** Dashboard Slug */
            dashboard_slug: string;
            /** Total */
            total: number;
            /** Data */
            data: {
                [key: string]: unknown;
            }[];
        };
        /**
         * SignInOptions
         * @description How people sign in here.
         */
        SignInOptions: {
            mode: components["schemas"]["AuthMode"];
            /** Demo Users */
            demo_users: components["schemas"]["DemoUser"][];
        };
        /**
         * SignedOut
         * @description The token is good no longer.
         */
        SignedOut: {
            /**
             * Signed Out
             * @default true
             * @constant
             */
            signed_out: true;
        };
        /**
         * StandardRefusal
         * @description A refusal in the form of RFC 6749 (section 5.2).
         */
        StandardRefusal: {
            /**
             * Error
             * @enum {string}
             */
            error: "invalid_request" | "invalid_scope" | "invalid_target" | "temporarily_unavailable" | "unsupported_grant_type";
            /** Error Description */
            error_description: string;
        };
        /**
         * Tenant
         * @description One customer organisation.
         */
        Tenant: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Slug */
            slug: string;
            /** Is Active */
            is_active: boolean;
            /** Config Json */
            config_json: {
                [key: string]: unknown;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * TenantDashboards
         * @description How many dashboards a tenant has.
         */
        TenantDashboards: {
            /** Tenant Id */
            tenant_id: string;
            /** Dashboards */
            dashboards: number;
        };
        /**
         * ViewResult
         * @description A view, one list a column.
         */
        ViewResult: {
            /** Tenant Id */
            tenant_id: string;
            /** Dashboard Slug */
            dashboard_slug: string;
            /** View */
            view: string;
            /** Columns */
            columns: {
                [key: string]: unknown[];
            };
            /** Meta */
            meta: {
                [key: string]: unknown;
            };
        };
        /**
         * TokenForm
         * @description A request of RFC 8693 (section 2.1); parameters that are not listed are ignored.
         *
         *     Only `audience` and `resource` may be repeated, and together they name one tenant.
         */
        TokenForm: {
            /**
             * Grant Type
             * @constant
             */
            grant_type: "urn:ietf:params:oauth:grant-type:token-exchange";
            /**
             * Subject Token
             * @description The user token.
             */
            subject_token: string;
            /**
             * Subject Token Type
             * @enum {string}
             */
            subject_token_type: "urn:ietf:params:oauth:token-type:access_token" | "urn:ietf:params:oauth:token-type:jwt";
            /**
             * Audience
             * @description The id of the tenant.
             * @default
             */
            audience: string;
            /**
             * Resource
             * @description The tenant as a URI, urn:kyros:tenant:ID; instead of `audience`.
             * @default
             */
            resource: string;
            /**
             * Requested Token Type
             * @description What to call the issued token; both names are of the same one.
             * @default urn:ietf:params:oauth:token-type:access_token
             * @enum {string}
             */
            requested_token_type: "urn:ietf:params:oauth:token-type:access_token" | "urn:ietf:params:oauth:token-type:jwt";
            /**
             * Scope
             * @description What one wants to be there, at most what one is: `viewer` or `admin`.
             * @default
             */
            scope: string;
        };
        /**
         * Refusal
         * @description The one form in which the API says no.
         */
        Refusal: {
            error: {
                /** @description What programs go by. */
                code: string;
                /** @description One sentence for a person, with the remedy. */
                message: string;
                /** @description What helps to mend it; null where the message says all. */
                details: unknown;
                /** Format: date-time */
                timestamp: string;
                /** @description By which the logs of all services know the request. */
                request_id: string;
            };
        };
    };
    responses: never;
    parameters: {
        /**
         * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
         * @example 5d0c8f3a
         */
        RequestId: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description By which the logs of all services know the request.
         * @example 5d0c8f3a
         */
        RequestId: string;
        /**
         * @description What is asked for, and what was wrong with what came.
         * @example Bearer realm="kyros", error="token_expired"
         */
        Challenge: string;
        /**
         * @description Stands for the answer, until the data or their settings change. With JSON.
         * @example "57a6f57e5a0ccc79552e054ea59b0757"
         */
        ETag: string;
        /**
         * @description Seconds until it is worth trying again.
         * @example 42
         */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "timestamp": "2026-05-04T09:12:45.318207Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    getDatabaseHealth: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The database answers, is migrated, and holds so many tenants. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "timestamp": "2026-05-04T09:12:45.318207Z",
                     *       "revision": "0005",
                     *       "tenants": 2
                     *     }
                     */
                    "application/json": components["schemas"]["DatabaseHealth"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`, `DATABASE_NOT_MIGRATED`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    getSignInOptions: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How people sign in here. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mode": "demo",
                     *       "demo_users": [
                     *         {
                     *           "email": "admin@acme.com",
                     *           "description": "Admin of Acme Corporation and Beta Industries"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SignInOptions"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "admin@acme.com",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description A token, and for how many seconds it is good. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 3600
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description Bad Request: `INVALID_REQUEST`. */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Unauthorized: `INVALID_CREDENTIALS`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Request Entity Too Large: `PAYLOAD_TOO_LARGE`. */
            413: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Too Many Requests: `RATE_LIMITED`. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `SIGN_IN_BUSY`, `DATABASE_UNAVAILABLE`, `AUDIT_UNAVAILABLE`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    signInAsDemoUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "admin@acme.com"
                 *     }
                 */
                "application/json": components["schemas"]["MockLogin"];
            };
        };
        responses: {
            /** @description A token, and for how many seconds it is good. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 3600
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description Bad Request: `INVALID_REQUEST`. */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not Found: `USER_NOT_FOUND`, `NOT_FOUND`. */
            404: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Request Entity Too Large: `PAYLOAD_TOO_LARGE`. */
            413: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`, `AUDIT_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token is good no longer. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "signed_out": true
                     *     }
                     */
                    "application/json": components["schemas"]["SignedOut"];
                };
            };
            /** @description Unauthorized: `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`, `AUDIT_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is signed in, and where they may go. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user_id": "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e",
                     *       "email": "admin@acme.com",
                     *       "tenants": [
                     *         {
                     *           "id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345",
                     *           "name": "Acme Corporation",
                     *           "slug": "acme-corp",
                     *           "role": "admin",
                     *           "config_json": {
                     *             "primary_color": "#0052cc",
                     *             "currency": "USD"
                     *           }
                     *         },
                     *         {
                     *           "id": "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4",
                     *           "name": "Beta Industries",
                     *           "slug": "beta-ind",
                     *           "role": "admin",
                     *           "config_json": {
                     *             "primary_color": "#ff5722",
                     *             "currency": "TWD"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Unauthorized: `TOKEN_REVOKED`, `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    getMyDashboards: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many dashboards there are in each tenant that the person may enter. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenants": [
                     *         {
                     *           "tenant_id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345",
                     *           "dashboards": 2
                     *         },
                     *         {
                     *           "tenant_id": "2450a2f8-3b7e-4eab-9b4a-1f73d9a0b1c4",
                     *           "dashboards": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MyDashboards"];
                };
            };
            /** @description Unauthorized: `TOKEN_REVOKED`, `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    exchangeToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tenant_id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
                 *     }
                 */
                "application/json": components["schemas"]["ExchangeRequest"];
            };
        };
        responses: {
            /** @description A token, and for how many seconds it is good. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 1800
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description Bad Request: `INVALID_REQUEST`. */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Unauthorized: `TOKEN_REVOKED`, `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Forbidden: `TENANT_ACCESS_DENIED`. */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Request Entity Too Large: `PAYLOAD_TOO_LARGE`. */
            413: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`, `AUDIT_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    exchangeTokenByStandard: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                 *       "subject_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl",
                 *       "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                 *       "audience": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["TokenForm"];
            };
        };
        responses: {
            /** @description A token as RFC 8693 (section 2.2.1) has it; the scope is the role that is in it. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkMmI2YzhlMyJ9.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 1800,
                     *       "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
                     *       "scope": "admin"
                     *     }
                     */
                    "application/json": components["schemas"]["IssuedToken"];
                };
            };
            /** @description No token, and in the standard's words why. */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandardRefusal"];
                };
            };
            /** @description Request Entity Too Large: `PAYLOAD_TOO_LARGE`. */
            413: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description No token now. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandardRefusal"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The id of the token's tenant: it chooses nothing, it must agree.
                 * @example 8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345
                 */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One customer organisation. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345",
                     *       "name": "Acme Corporation",
                     *       "slug": "acme-corp",
                     *       "is_active": true,
                     *       "config_json": {
                     *         "primary_color": "#0052cc",
                     *         "currency": "USD"
                     *       },
                     *       "created_at": "2026-05-04T09:12:45.318207Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description Unauthorized: `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Forbidden: `TENANT_MISMATCH`, `TENANT_ACCESS_DENIED`. */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not Found: `TENANT_NOT_FOUND`. */
            404: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    listDashboards: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The id of the token's tenant: it chooses nothing, it must agree.
                 * @example 8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345
                 */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant's dashboards, by title. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dashboards": [
                     *         {
                     *           "slug": "customer-lifetime-value",
                     *           "title": "Customer Lifetime Value",
                     *           "description": "What our customers are worth, which of them we keep, and where their value lies.",
                     *           "config_json": {
                     *             "value_thresholds": {
                     *               "high": 100,
                     *               "medium": 20
                     *             },
                     *             "preview": "curve",
                     *             "currency": "USD"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Dashboards"];
                };
            };
            /** @description Unauthorized: `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Forbidden: `TENANT_MISMATCH`, `TENANT_ACCESS_DENIED`. */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not Found: `TENANT_NOT_FOUND`. */
            404: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /**
                 * @description Lines of one page.
                 * @example 1
                 */
                limit?: number;
                /** @description Lines to leave out. */
                offset?: number;
                /** @description Only lines older than this id: pages that new lines do not shift. */
                before?: number;
                /** @description Only these. */
                outcome?: "allowed" | "denied";
                /** @description Only from this moment on; with its offset from UTC. */
                since?: string;
                /** @description Only before this moment; with its offset from UTC. */
                until?: string;
                /** @description A part of the actor, the action or a request id. */
                search?: string;
            };
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The id of the token's tenant: it chooses nothing, it must agree.
                 * @example 8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345
                 */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the tenant's log, how many lines match in all, and where the next page begins. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenant_id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345",
                     *       "total": 412,
                     *       "next_before": 411,
                     *       "events": [
                     *         {
                     *           "id": 411,
                     *           "at": "2026-05-04T09:12:45.318207Z",
                     *           "actor": "admin@acme.com",
                     *           "action": "token.exchange",
                     *           "outcome": "allowed",
                     *           "request_id": "5d0c8f3a",
                     *           "details": {}
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AuditLines"];
                };
            };
            /** @description Bad Request: `INVALID_REQUEST`. */
            400: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Unauthorized: `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Forbidden: `TENANT_MISMATCH`, `ADMIN_REQUIRED`, `TENANT_ACCESS_DENIED`. */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not Found: `TENANT_NOT_FOUND`. */
            404: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    getAccess: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Taken over when it has 1 to 64 of `A-Z a-z 0-9 . _ -`; otherwise the request gets one of its own.
                 * @example 5d0c8f3a
                 */
                "X-Request-ID"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description Of a dashboard that the tenant has.
                 * @example customer-lifetime-value
                 */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who may see a dashboard, of which tenant, and what they are there. */
            200: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenant_id": "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345",
                     *       "user_id": "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e",
                     *       "role": "admin"
                     *     }
                     */
                    "application/json": components["schemas"]["Access"];
                };
            };
            /** @description Unauthorized: `TOKEN_MISSING`, `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["Challenge"];
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Forbidden: `TENANT_ACCESS_DENIED`, `DASHBOARD_ACCESS_DENIED`. */
            403: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Not Found: `TENANT_NOT_FOUND`, `DASHBOARD_NOT_FOUND`. */
            404: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Internal Server Error: `INTERNAL_ERROR`. */
            500: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            /** @description Service Unavailable: `DATABASE_UNAVAILABLE`. */
            503: {
                headers: {
                    "X-Request-ID": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
}
