// What Kratos v26.2 answers where identities are read, as recorded.

extension RecordedExchange {
    static let identityReads: [RecordedExchange] = [
        RecordedExchange(
            "identities list first page",
            .admin,
            "GET /admin/identities?page_size=2",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?page_size=2&page_token=00000000-0000-0000-0000-000000000000>; "#
                    + #"rel="first",</admin/identities?page_size=2&page_token=0055bb97-6ea6-4847-8709-0e2c30edc4"#
                    + #"dc>; rel="next""#,
            ],
            #"[{"id":"00003575-85a1-4509-a017-a4d45c9eac0a","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null},"#,
            #"{"id":"0055bb97-6ea6-4847-8709-0e2c30edc4dc","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities list second page",
            .admin,
            "GET /admin/identities?page_size=2&page_token=0055bb97-6ea6-4847-8709-0e2c30edc4dc",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?page_size=2&page_token=00000000-0000-0000-0000-000000000000>; "#
                    + #"rel="first",</admin/identities?page_size=2&page_token=00fa6ecb-b019-424e-b9c2-1f545c4878"#
                    + #"06>; rel="next""#,
            ],
            #"[{"id":"007297c6-39ef-4254-aab8-f65f3e55a4e4","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null},"#,
            #"{"id":"00fa6ecb-b019-424e-b9c2-1f545c487806","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities list page size abc",
            .admin,
            "GET /admin/identities?page_size=abc",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"strconv.Atoi: parsing \"abc\": "#,
            #"invalid syntax","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities list token of an identity",
            .admin,
            "GET /admin/identities?page_size=2&page_token=d364372d-6ffc-49f1-bf90-3704d84e5f1b",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?page_size=2&page_token=00000000-0000-0000-0000-000000000000>; "#
                    + #"rel="first",</admin/identities?page_size=2&page_token=d3e1b2b4-cfe4-4570-98f3-da7e95bbff"#
                    + #"eb>; rel="next""#,
            ],
            #"[{"id":"d38f8903-b80d-4baa-aaad-5e6a2c86bff9","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null},"#,
            #"{"id":"d3e1b2b4-cfe4-4570-98f3-da7e95bbffeb","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities list bad token",
            .admin,
            "GET /admin/identities?page_size=2&page_token=garbage",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"The page token is invalid, do not "#,
            #"craft your own page tokens","message":"The request was malformed or contained invalid "#,
            #"parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities list by page number",
            .admin,
            "GET /admin/identities?per_page=2&page=1",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?page=0&per_page=2>; rel="first","#
                    + #"</admin/identities?page=2&per_page=2>; rel="next","#
                    + #"</admin/identities?page=0&per_page=2>; rel="prev","#
                    + #"</admin/identities?page={last}&per_page=2>; rel="last""#,
                #"X-Total-Count: {total}"#,
            ],
            #"[{"id":"007297c6-39ef-4254-aab8-f65f3e55a4e4","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null},"#,
            #"{"id":"00fa6ecb-b019-424e-b9c2-1f545c487806","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identity get",
            after: [.aliceCreated],
            .admin,
            "GET /admin/identities/{identity}",
            "200 OK",
            json,
            #"{"id":"{identity}","credentials":{"password":{"type":"password","#,
            #""identifiers":["alice@example.test"],"version":0,"created_at":"{time}","#,
            #""updated_at":"{time}"}},"schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","#,
            #""state":"active","state_changed_at":"{time}","traits":{"email":"alice@example.test","#,
            #""name":{"first":"Alice"}},"verifiable_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","verified":false,"via":"email","status":"pending","#,
            #""created_at":"{time}","updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","via":"email","created_at":"{time}","updated_at":"{time}"}],"#,
            #""metadata_public":null,"metadata_admin":null,"created_at":"{time}","updated_at":"{time}","#,
            #""organization_id":null}\#n"#
        ),
        RecordedExchange(
            "identity get with credentials",
            after: [.aliceCreated],
            .admin,
            "GET /admin/identities/{identity}?include_credential=password",
            "200 OK",
            json,
            #"{"id":"{identity}","credentials":{"password":{"type":"password","#,
            #""identifiers":["alice@example.test"],"config":{"hashed_password":"{hash}"},"version":0,"#,
            #""created_at":"{time}","updated_at":"{time}"}},"schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"alice@example.test","name":{"first":"Alice"}},"#,
            #""verifiable_addresses":[{"id":"{address}","value":"alice@example.test","verified":false,"#,
            #""via":"email","status":"pending","created_at":"{time}","updated_at":"{time}"}],"#,
            #""recovery_addresses":[{"id":"{address}","value":"alice@example.test","via":"email","#,
            #""created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"metadata_admin":null,"#,
            #""created_at":"{time}","updated_at":"{time}","organization_id":null}\#n"#
        ),
        RecordedExchange(
            "identity get unknown",
            .admin,
            "GET /admin/identities/a3cde9b2-4697-43f5-8f9c-da9de41fafd5",
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "identity get malformed",
            .admin,
            "GET /admin/identities/not-a-uuid",
            "404 Not Found",
            error,
            #"{"error":{"code":404,"status":"Not Found","message":"Unable to locate the resource"}}\#n"#
        ),
        RecordedExchange(
            "identities ids",
            .admin,
            "GET /admin/identities?ids=1ea3b4af-d4b6-4ff9-98fc-6e5f374b99d4&"
                + "ids=a4d7ccc8-8159-4562-a797-8e3035572d27",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?ids=1ea3b4af-d4b6-4ff9-98fc-6e5f374b99d4&ids=a4d7ccc8-8159-4562"#
                    + #"-a797-8e3035572d27&page_size=250&page_token=00000000-0000-0000-0000-000000000000>; "#
                    + #"rel="first""#,
            ],
            #"[{"id":"1ea3b4af-d4b6-4ff9-98fc-6e5f374b99d4","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null},"#,
            #"{"id":"a4d7ccc8-8159-4562-a797-8e3035572d27","schema_id":"default","#,
            #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
            #""traits":{"email":"{email}"},"verifiable_addresses":[{"id":"{address}","value":"{email}","#,
            #""verified":false,"via":"email","status":"pending","created_at":"{time}","#,
            #""updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","value":"{email}","#,
            #""via":"email","created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"#,
            #""metadata_admin":null,"created_at":"{time}","updated_at":"{time}","organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities ids comma",
            .admin,
            "GET /admin/identities?ids=1ea3b4af-d4b6-4ff9-98fc-6e5f374b99d4,"
                + "a4d7ccc8-8159-4562-a797-8e3035572d27",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Invalid UUID value "#,
            #"`1ea3b4af-d4b6-4ff9-98fc-6e5f374b99d4,a4d7ccc8-8159-4562-a797-8e3035572d27` for parameter "#,
            #"`ids`.","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities ids unknown",
            .admin,
            "GET /admin/identities?ids=ed39ffe6-d8be-4e54-a88f-4e1cfe34637d",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?ids=ed39ffe6-d8be-4e54-a88f-4e1cfe34637d&page_size=250&page_tok"#
                    + #"en=00000000-0000-0000-0000-000000000000>; rel="first""#,
            ],
            #"[]\#n"#
        ),
        RecordedExchange(
            "identities ids bad",
            .admin,
            "GET /admin/identities?ids=zzz",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Invalid UUID value `zzz` for "#,
            #"parameter `ids`.","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities ids 501",
            .admin,
            "GET /admin/identities?\(ids501)",
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"The number of ids to filter must not "#,
            #"exceed 500.","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities credentials identifier",
            after: [.aliceCreated],
            .admin,
            "GET /admin/identities?credentials_identifier=alice@example.test",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?credentials_identifier=alice%40example.test&page_size=250&page_"#
                    + #"token=00000000-0000-0000-0000-000000000000>; rel="first""#,
            ],
            #"[{"id":"{identity}","credentials":{"password":{"type":"password","#,
            #""identifiers":["alice@example.test"],"version":0,"created_at":"{time}","#,
            #""updated_at":"{time}"}},"schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","#,
            #""state":"active","state_changed_at":"{time}","traits":{"email":"alice@example.test","#,
            #""name":{"first":"Alice"}},"verifiable_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","verified":false,"via":"email","status":"pending","#,
            #""created_at":"{time}","updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","via":"email","created_at":"{time}","updated_at":"{time}"}],"#,
            #""metadata_public":null,"metadata_admin":null,"created_at":"{time}","updated_at":"{time}","#,
            #""organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities credentials identifier case",
            after: [.aliceCreated],
            .admin,
            "GET /admin/identities?credentials_identifier=ALICE@example.test",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?credentials_identifier=ALICE%40example.test&page_size=250&page_"#
                    + #"token=00000000-0000-0000-0000-000000000000>; rel="first""#,
            ],
            #"[{"id":"{identity}","credentials":{"password":{"type":"password","#,
            #""identifiers":["alice@example.test"],"version":0,"created_at":"{time}","#,
            #""updated_at":"{time}"}},"schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","#,
            #""state":"active","state_changed_at":"{time}","traits":{"email":"alice@example.test","#,
            #""name":{"first":"Alice"}},"verifiable_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","verified":false,"via":"email","status":"pending","#,
            #""created_at":"{time}","updated_at":"{time}"}],"recovery_addresses":[{"id":"{address}","#,
            #""value":"alice@example.test","via":"email","created_at":"{time}","updated_at":"{time}"}],"#,
            #""metadata_public":null,"metadata_admin":null,"created_at":"{time}","updated_at":"{time}","#,
            #""organization_id":null}]\#n"#
        ),
        RecordedExchange(
            "identities credentials identifier unknown",
            .admin,
            "GET /admin/identities?credentials_identifier=nobody@example.test",
            "200 OK",
            [
                #"Content-Type: application/json; charset=utf-8"#,
                #"Link: </admin/identities?credentials_identifier=nobody%40example.test&page_size=250&page"#
                    + #"_token=00000000-0000-0000-0000-000000000000>; rel="first""#,
            ],
            #"[]\#n"#
        ),
        RecordedExchange(
            "identity get imported",
            .admin,
            "GET /admin/identities/021d045c-26f8-4316-8389-fc0ac90734e1",
            "200 OK",
            json,
            #"{"id":"021d045c-26f8-4316-8389-fc0ac90734e1","credentials":{"password":{"type":"password","#,
            #""identifiers":["{email}"],"version":0,"created_at":"{time}","updated_at":"{time}"}},"#,
            #""schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","#,
            #""state_changed_at":"{time}","traits":{"email":"{email}"},"#,
            #""verifiable_addresses":[{"id":"{address}","value":"{email}","verified":false,"via":"email","#,
            #""status":"pending","created_at":"{time}","updated_at":"{time}"}],"#,
            #""recovery_addresses":[{"id":"{address}","value":"{email}","via":"email","#,
            #""created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"metadata_admin":null,"#,
            #""created_at":"{time}","updated_at":"{time}","organization_id":null}\#n"#
        ),
    ]

    /// One identity more than a list may ask for.
    private static let ids501 = (0...500).map { number in
        let digits = String(number)
        return "ids=1ea3b4af-d4b6-4ff9-98fc-6e5f37" + String(repeating: "0", count: 6 - digits.count) + digits
    }.joined(separator: "&")
}
