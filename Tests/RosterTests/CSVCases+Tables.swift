// Tables with lines above, below and between that are no rows of theirs. `#1` to `#9` stand for UUIDs.

import Roster

extension CSVCase {
    /// A table of two people under lines, with the rejects of those lines; `id` begins on line `first`.
    private static func table(
        _ name: String,
        above: String,
        rejects: [String] = [],
        delimiter: String = ",",
        below: String = "",
        rejectsBelow: [String] = [],
        options: RosterOptions = RosterOptions()
    ) -> CSVCase {
        let first = above.count { $0.isNewline } + 1
        return CSVCase(
            name: name,
            text: above
                + ["id,name", "#1,Ann", "#2,Bob"].map { $0.replacing(",", with: delimiter) + "\n" }.joined()
                + below,
            idColumn: "id",
            columns: ["name"],
            options: options,
            items: rejects + ["\(first + 1) #1 [Ann]", "\(first + 2) #2 [Bob]"] + rejectsBelow
        )
    }

    static let linesAbove = [
        table("a title", above: "Users to migrate\n", rejects: ["1 - not_a_row <Users to migrate>"]),
        table(
            "a title and blank lines",
            above: "Users to migrate\n\n  \nMay 2024\n\n",
            rejects: ["1 - not_a_row <Users to migrate>", "4 - not_a_row <May 2024>"]
        ),
        table(
            "a title with the delimiter in it",
            above: "Users, inactive, of May\nprinted by: Bob, admin\n",
            rejects: [
                "1 - not_a_row <Users, inactive, of May>", "2 - not_a_row <printed by: Bob, admin>",
            ]
        ),
        table(
            "a title that a spreadsheet filled up",
            above: "Users;\nTenant;#9\n",
            rejects: ["1 - not_a_row <Users;>", "2 - not_a_row <Tenant;#9>"],
            delimiter: ";"
        ),
        table(
            "a title in quotes with a line break",
            above: "\"Users\nof May\"\n",
            rejects: [#"1 - not_a_row <"Users\u000aof May">"#]
        ),
        table("sep=;", above: "sep=;\n", delimiter: ";"),
        table("SEP=| in quotes", above: "\"SEP=|\"\n", delimiter: "|"),
        table("sep= with a tab", above: "sep=\t\n", delimiter: "\t"),
        table("sep=, filled up with delimiters", above: "Sep=,,\n", delimiter: ","),
        table(
            "sep= and a delimiter that is given",
            above: "sep=;\n",
            delimiter: "|",
            options: RosterOptions(delimiter: .pipe)
        ),
        table(
            "sep= and a title",
            above: "sep=;\nUsers, all of them\n",
            rejects: ["2 - not_a_row <Users, all of them>"],
            delimiter: ";"
        ),
        CSVCase(
            name: "sep= without a header",
            text: "sep=;\n#1;Doe, Ann\n#2;Roe, Bob\n",
            idColumn: "column_1",
            columns: ["column_2"],
            items: ["2 #1 [Doe, Ann]", "3 #2 [Roe, Bob]"]
        ),
        CSVCase(
            name: "sep= decides where another delimiter would too",
            text: "sep=;\nn,id;user\n1,#9;#1\n2,#9;#2\n",
            idColumn: "user",
            columns: ["n,id"],
            items: ["3 #1 [1,\(uuid(9))]", "4 #2 [2,\(uuid(9))]"]
        ),
        CSVCase(
            name: "sep= above a list",
            text: "sep=,\n#1\n#2\n",
            idColumn: "column_1",
            items: ["2 #1 []", "3 #2 []"]
        ),
        table("COPY", above: "COPY 2\n", rejects: ["1 - not_a_row <COPY 2>"]),
        table(
            "mysql's warning",
            above: "mysql: [Warning] Using a password on the command line interface can be insecure.\n",
            rejects: [
                "1 - not_a_row <mysql: [Warning] Using a password on the command line interface "
                    + "can be insecure.>"
            ],
            delimiter: "\t"
        ),
        table(
            "psql's settings",
            above: "Pager usage is off.\nOutput format is csv.\nTiming is on.\n",
            rejects: [
                "1 - not_a_row <Pager usage is off.>", "2 - not_a_row <Output format is csv.>",
                "3 - not_a_row <Timing is on.>",
            ]
        ),
        CSVCase(
            name: "a header without a known name",
            text: "Report of May\n\nname;user;mail\nAnn;x;\nBob;#1;b@x\nJo;#2;\n",
            idColumn: "user",
            columns: ["name", "mail"],
            items: [
                "1 - not_a_row <Report of May>", "4 user not_a_uuid <x>", "5 #1 [Bob|b@x]", "6 #2 [Jo|]",
            ]
        ),
        CSVCase(
            name: "filled-up titles above a header without a known name",
            text: "Report;;\nby;Bob;\n;;x\nname;user;mail\nBob;#1;b@x\nJo;#2;\n",
            idColumn: "user",
            columns: ["name", "mail"],
            items: [
                "1 - not_a_row <Report;;>", "2 - not_a_row <by;Bob;>", "3 - not_a_row <;;x>",
                "5 #1 [Bob|b@x]", "6 #2 [Jo|]",
            ]
        ),
        CSVCase(
            name: "a title as wide as a header without a known name",
            text: "Users,March\nUUID,Name\n#1,Ann\n#2,Bob\n",
            idColumn: "UUID",
            columns: ["Name"],
            items: ["1 - not_a_row <Users,March>", "3 #1 [Ann]", "4 #2 [Bob]"]
        ),
        CSVCase(
            name: "a title as wide as a header, above a gap",
            text: "Users,March\n\nuser,name\nx,Jo\n#1,Ann\n#2,Bob\n",
            idColumn: "user",
            columns: ["name"],
            items: ["1 - not_a_row <Users,March>", "4 user not_a_uuid <x>", "5 #1 [Ann]", "6 #2 [Bob]"]
        ),
        CSVCase(
            name: "two titles as wide as a header whose ID column comes later",
            text: "Users,March\nBerlin,all\nname,kratosId\nAnn,#1\nBob,#2\n",
            idColumn: "kratosId",
            columns: ["name"],
            items: ["1 - not_a_row <Users,March>", "2 - not_a_row <Berlin,all>", "4 #1 [Ann]", "5 #2 [Bob]"]
        ),
        CSVCase(
            name: "the header repeated in another case",
            text: "User,Name\n#1,Ann\nUSER,name\n#2,Bob\n",
            idColumn: "User",
            columns: ["Name"],
            items: ["2 #1 [Ann]", "4 #2 [Bob]"]
        ),
        CSVCase(
            name: "a title of names with fewer fields than a table without a header",
            text: "Users, all of them\n#1,Ann,a@x\n#2,Bob,b@x\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: ["1 - not_a_row <Users, all of them>", "2 #1 [Ann|a@x]", "3 #2 [Bob|b@x]"]
        ),
        CSVCase(
            name: "filled-up titles above a table without a header",
            text: "Report;;\nTotal:;4;\n#1;e0@x;N0\n#2;e1@x;N1\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: [
                "1 - not_a_row <Report;;>", "2 - not_a_row <Total:;4;>", "3 #1 [e0@x|N0]", "4 #2 [e1@x|N1]",
            ]
        ),
        CSVCase(
            name: "a missing ID on the first line of a list",
            text: "null\n#1\n#2\n",
            idColumn: "column_1",
            items: ["1 column_1 not_a_uuid <null>", "2 #1 []", "3 #2 []"]
        ),
        CSVCase(
            name: "a missing ID on the first line of a table without a header",
            text: "unknown,ann,Ann\n#1,bob,Bob\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: ["1 column_1 not_a_uuid <unknown>", "2 #1 [bob|Bob]"]
        ),
        CSVCase(
            name: "a title above a table without a header",
            text: "Report of May, 2024\n#1,Ann,a@x\n#2,Bob,b@x\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: ["1 - not_a_row <Report of May, 2024>", "2 #1 [Ann|a@x]", "3 #2 [Bob|b@x]"]
        ),
        CSVCase(
            name: "a title that is a known name",
            text: "Identity\nn,user\n1,#1\n2,#2\n",
            idColumn: "user",
            columns: ["n"],
            items: ["1 - not_a_row <Identity>", "3 #1 [1]", "4 #2 [2]"]
        ),
        CSVCase(
            name: "a name of the ID column inside a table",
            text: "#1,id\n#2,identity\n",
            idColumn: "column_1",
            columns: ["column_2"],
            items: ["1 #1 [id]", "2 #2 [identity]"]
        ),
        CSVCase(
            name: "a title above a column with a name",
            text: "All users\n\nuser\n#1\n#2\n",
            idColumn: "user",
            items: ["1 - not_a_row <All users>", "4 #1 []", "5 #2 []"]
        ),
        CSVCase(
            name: "a console's line above a list",
            text: "Pager usage is off.\n#1\nbad\n#2\n",
            idColumn: "column_1",
            items: [
                "1 - not_a_row <Pager usage is off.>", "2 #1 []", "3 column_1 not_a_uuid <bad>", "4 #2 []",
            ]
        ),
    ]

    static let linesBelow =
        [
            "(2 rows)", "(2 rows affected)", "2 rows in set (0.00 sec)", "1,204 rows selected.",
            "Time: 1.234 ms", "Time: 1,234 ms", "Run Time: real 0.001 user 0.000123, sys 0.000045", "Total",
            "Query OK, 2 rows affected (0.01 sec)", "-----,-----",
            "------------------------------------,----",
            "Total: 2,", "SELECT 2", "Changed database context to 'kratos'.",
        ].map { line in
            table(line, above: "", below: line + "\n", rejectsBelow: ["4 - not_a_row <\(line)>"])
        } + [
            CSVCase(
                name: "lines with # that are rows",
                text: "id,name\n#1,Ann\n#N/A,Bob\n#REF!,Cy\n# note\n#note\n#2,Dan\n",
                idColumn: "id",
                columns: ["name"],
                items: [
                    "2 #1 [Ann]", "3 id not_a_uuid <#N/A>", "4 id not_a_uuid <#REF!>", "7 #2 [Dan]",
                ]
            ),
            CSVCase(
                name: "a shifted row that begins like a comment",
                text: "note,id\nx,#1\n# 5, Main St,#2\nNEXT PAGE TOKEN,#3\n",
                idColumn: "id",
                columns: ["note"],
                items: [
                    "2 #1 [x]", "3 - wrong_number_of_fields <# 5, Main St,#2>", "4 #3 [NEXT PAGE TOKEN]",
                ]
            ),
            CSVCase(
                name: "the end of a page of a listing",
                text: "id\tname\n#1\tAnn\n#2\tBob\n\nNEXT PAGE TOKEN\tabc\nIS LAST PAGE\tfalse\n",
                idColumn: "id",
                columns: ["name"],
                items: ["2 #1 [Ann]", "3 #2 [Bob]"]
            ),
            CSVCase(
                name: "a rule below the header",
                text: "id,name\n--,----\n#1,Ann\n#2,Bob\n\n(2 rows affected)\n",
                idColumn: "id",
                columns: ["name"],
                items: [
                    "2 - not_a_row <--,---->", "3 #1 [Ann]", "4 #2 [Bob]",
                    "6 - not_a_row <(2 rows affected)>",
                ]
            ),
            CSVCase(
                name: "a rule and counts in a list",
                text: "id\n------------------------------------\n#1\n#2\nTime: 1,234 ms\n(2 rows)\n",
                idColumn: "id",
                items: [
                    "2 - not_a_row <------------------------------------>", "3 #1 []", "4 #2 []",
                    "5 - not_a_row <Time: 1,234 ms>", "6 - not_a_row <(2 rows)>",
                ]
            ),
            CSVCase(
                name: "short and long rows, and lines that are none",
                text: "id,name,mail\n#1,Ann,\nsubtotal\n#2,Bob\n#3,C,c@x,y\n#4\na0000000-0000\nd@x\n7\n"
                    + "x,y\n#5;Ed;e@x\nAnn Lee,,\n#6,F,f@x\n",
                idColumn: "id",
                columns: ["name", "mail"],
                items: [
                    "2 #1 [Ann|]", "3 - not_a_row <subtotal>", "4 - wrong_number_of_fields <#2,Bob>",
                    "5 - wrong_number_of_fields <#3,C,c@x,y>", "6 - wrong_number_of_fields <#4>",
                    "7 - wrong_number_of_fields <a0000000-0000>", "8 - wrong_number_of_fields <d@x>",
                    "9 - wrong_number_of_fields <7>", "10 - wrong_number_of_fields <x,y>",
                    "11 - wrong_number_of_fields <#5;Ed;e@x>", "12 - not_a_row <Ann Lee,,>", "13 #6 [F|f@x]",
                ]
            ),
            CSVCase(
                name: "a row without an ID beside a later ID column is a row",
                text: "name,id,mail\nAnn Lee,,\nBob,#1,b@x\n",
                idColumn: "id",
                columns: ["name", "mail"],
                items: ["2 id not_a_uuid <>", "3 #1 [Bob|b@x]"]
            ),
        ]

    static let comments = [
        table(
            "comments",
            above: "# made by export.sh, v2\n#!csv\n#\n",
            below: "# the end, at last\n#end\n"
        ),
        CSVCase(
            name: "comments in a list",
            text: "# users\n#1\n# 2 more\n#!\n#2\n",
            idColumn: "column_1",
            items: ["2 #1 []", "5 #2 []"]
        ),
        CSVCase(
            name: "rows that begin with a hash",
            text: "#,id,name\n#a,#1,Ann\n# b,#2,Bob\n#c,x,Jo\n#d\n",
            idColumn: "id",
            columns: ["#", "name"],
            items: [
                "2 #1 [#a|Ann]", "3 #2 [# b|Bob]", "4 id not_a_uuid <x>", "5 - not_a_row <#d>",
            ]
        ),
        CSVCase(
            name: "a comment in a table whose ID comes later",
            text: "name,id\n# made by Bob\n# a, b, c\n# Jo,x\nAnn,#1\n",
            idColumn: "id",
            columns: ["name"],
            items: ["4 id not_a_uuid <x>", "5 #1 [Ann]"]
        ),
        CSVCase(
            name: "a header behind a hash",
            text: "# identity_id,name\n#1,Ann\n",
            columns: ["name"],
            items: ["2 #1 [Ann]"]
        ),
        CSVCase(
            name: "a comment with a quote that does not close",
            text: "id,name\n# a,\"b\n#1,Ann\n",
            idColumn: "id",
            columns: ["name"],
            items: ["3 #1 [Ann]"]
        ),
    ]

    static let bars = [
        CSVCase(
            name: "psql's aligned table",
            text: "                  id                  |   name   | n  \n"
                + "--------------------------------------+----------+----\n"
                + " #1 | Ann Lee  |  7\n #2 |          | 42\n #3 | a|b      |  1\n #4 | Jo      +|  2\n"
                + "                                      | Doe      |   \n(4 rows)\n\n",
            idColumn: "id",
            columns: ["name", "n"],
            items: [
                "2 - not_a_row <--------------------------------------+----------+---->",
                "3 #1 [Ann Lee|7]", "4 #2 [|42]", "5 - wrong_number_of_fields < #3 | a|b      |  1>",
                "6 - wrong_number_of_fields < #4 | Jo      +|  2>", "7 id not_a_uuid <>",
                "8 - not_a_row <(4 rows)>",
            ]
        ),
        CSVCase(
            name: "mysql's table",
            text: "+----+------+\n| id | name |\n+----+------+\n| #1 | Ann  |\n| #2 |      |\n+----+------+\n"
                + "2 rows in set (0.00 sec)\n",
            idColumn: "id",
            columns: ["name"],
            items: [
                "1 - not_a_row <+----+------+>", "3 - not_a_row <+----+------+>", "4 #1 [Ann]", "5 #2 []",
                "6 - not_a_row <+----+------+>", "7 - not_a_row <2 rows in set (0.00 sec)>",
            ]
        ),
        CSVCase(
            name: "a table of Markdown",
            text: "Users\n\n| id | name |\n|---|:---|\n| #1 | Ann |\n",
            idColumn: "id",
            columns: ["name"],
            items: ["1 - not_a_row <Users>", "4 - not_a_row <|---|:---|>", "5 #1 [Ann]"]
        ),
    ]
}
