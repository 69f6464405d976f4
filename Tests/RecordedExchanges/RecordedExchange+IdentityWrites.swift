// What Kratos v26.2 answers where identities are created, changed and deleted, as recorded.

extension RecordedExchange {
    static let identityWrites: [RecordedExchange] = [
        aliceCreated,
        RecordedExchange(
            "identity create duplicate",
            after: [.aliceCreated],
            .admin,
            "POST /admin/identities",
            sent: #"{"schema_id": "default", "traits": {"email": "alice@example.test"}}"#,
            "409 Conflict",
            error,
            #"{"error":{"code":409,"status":"Conflict","reason":"This identity conflicts with another "#,
            #"identity that already exists.","message":"The resource could not be created due to a "#,
            #"conflict"}}\#n"#
        ),
        RecordedExchange(
            "identity create bad schema",
            .admin,
            "POST /admin/identities",
            sent: #"{"schema_id": "nope", "traits": {"email": "x@example.test"}}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"Unable to find JSON Schema ID: nope","#,
            #""message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identity create bad trait",
            .admin,
            "POST /admin/identities",
            sent: #"{"schema_id": "default", "traits": {"email": "not-an-email"}}"#,
            "400 Bad Request",
            error,
            #"{"error":{"code":400,"status":"Bad Request","reason":"I[#/traits/email] "#,
            #"S[#/properties/traits/properties/email] validation failed\n  I[#/traits/email] "#,
            #"S[#/properties/traits/properties/email/format] \"not-an-email\" is not valid \"email\"\n  "#,
            #"I[#/traits/email] S[#/properties/traits/properties/email/format] \"not-an-email\" is not "#,
            #"valid \"email\"","message":"The request was malformed or contained invalid parameters"}}\#n"#
        ),
        RecordedExchange(
            "identities batch partial duplicate",
            after: [.aliceCreated],
            .admin,
            "PATCH /admin/identities",
            sent: #"{"identities": [{"create": {"schema_id": "default", "traits": {"email": "#
                + #""alice@example.test"}}, "patch_id": "00000000-0000-0000-0000-000000000001"}, {"create": "#
                + #"{"schema_id": "default", "traits": {"email": "fresh@example.test"}}, "patch_id": "#
                + #""00000000-0000-0000-0000-000000000002"}, {"create": {"schema_id": "default", "traits": "#
                + #"{"email": "bad"}}, "patch_id": "00000000-0000-0000-0000-000000000003"}]}"#,
            "200 OK",
            json,
            #"{"identities":[{"action":"error","patch_id":"00000000-0000-0000-0000-000000000001","#,
            #""error":{"code":409,"status":"Conflict","message":"Unable to insert or update resource "#,
            #"because a resource with that value exists already"}},{"action":"create","identity":"{new}","#,
            #""patch_id":"00000000-0000-0000-0000-000000000002"},{"action":"error","#,
            #""patch_id":"00000000-0000-0000-0000-000000000003","error":{"code":400,"status":"Bad "#,
            #"Request","reason":"I[#/traits/email] S[#/properties/traits/properties/email] validation "#,
            #"failed\n  I[#/traits/email] S[#/properties/traits/properties/email/format] \"bad\" is not "#,
            #"valid \"email\"\n  I[#/traits/email] S[#/properties/traits/properties/email/format] \"bad\" "#,
            #"is not valid \"email\"","message":"The request was malformed or contained invalid "#,
            #"parameters"}}]}\#n"#
        ),
        RecordedExchange(
            "identities batch empty",
            .admin,
            "PATCH /admin/identities",
            sent: #"{"identities": []}"#,
            "200 OK",
            json,
            #"{"identities":[]}\#n"#
        ),
        RecordedExchange(
            "identity patch inactive",
            .admin,
            "PATCH /admin/identities/00fa6ecb-b019-424e-b9c2-1f545c487806",
            sent: #"[{"op": "replace", "path": "/state", "value": "inactive"}]"#,
            "200 OK",
            json,
            #"{"id":"00fa6ecb-b019-424e-b9c2-1f545c487806","credentials":{"password":{"type":"password","#,
            #""identifiers":["{email}"],"version":0,"created_at":"{time}","updated_at":"{time}"}},"#,
            #""schema_id":"default","schema_url":"{public}/schemas/ZGVmYXVsdA","state":"inactive","#,
            #""state_changed_at":"{time}","traits":{"email":"{email}"},"#,
            #""verifiable_addresses":[{"id":"{address}","value":"{email}","verified":false,"via":"email","#,
            #""status":"pending","created_at":"{time}","updated_at":"{time}"}],"#,
            #""recovery_addresses":[{"id":"{address}","value":"{email}","via":"email","#,
            #""created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"metadata_admin":null,"#,
            #""created_at":"{time}","updated_at":"{time}","organization_id":null}\#n"#
        ),
        RecordedExchange(
            "identity delete",
            .admin,
            "DELETE /admin/identities/11e3f391-765e-48d3-afff-4dfa882eb426",
            "204 No Content",
            [],
            #""#
        ),
    ]

    /// The identity that others are recorded after.
    static let aliceCreated = RecordedExchange(
        "identity create",
        .admin,
        "POST /admin/identities",
        sent: #"{"schema_id": "default", "traits": {"email": "alice@example.test", "name": {"first": "#
            + #""Alice"}}, "credentials": {"password": {"config": {"password": "Old-Passw0rd-123"}}}}"#,
        "201 Created",
        [
            #"Content-Type: application/json; charset=utf-8"#,
            #"Location: {admin}/identities/{identity}"#,
        ],
        #"{"id":"{identity}","credentials":{"password":{"type":"password","#,
        #""identifiers":["alice@example.test"],"version":0,"created_at":"0001-01-01T00:00:00Z","#,
        #""updated_at":"0001-01-01T00:00:00Z"}},"schema_id":"default","#,
        #""schema_url":"{public}/schemas/ZGVmYXVsdA","state":"active","state_changed_at":"{time}","#,
        #""traits":{"email":"alice@example.test","name":{"first":"Alice"}},"#,
        #""verifiable_addresses":[{"id":"{address}","value":"alice@example.test","verified":false,"#,
        #""via":"email","status":"pending","created_at":"{time}","updated_at":"{time}"}],"#,
        #""recovery_addresses":[{"id":"{address}","value":"alice@example.test","via":"email","#,
        #""created_at":"{time}","updated_at":"{time}"}],"metadata_public":null,"created_at":"{time}","#,
        #""updated_at":"{time}","organization_id":null}\#n"#
    )
}
