// The awkward files. `#1` to `#9` stand for UUIDs.

import Roster

extension CSVCase {
    static let all =
        shapes + headers + quotes + rejects + blanks + doubts + dialects + linesAbove + linesBelow + comments
        + bars

    private static let shapes = [
        CSVCase(
            name: "one ID a line",
            text: "#1\n#2\n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 #2 []"]
        ),
        CSVCase(name: "one ID", text: "#1", idColumn: "column_1", items: ["1 #1 []"]),
        CSVCase(
            name: "blank lines and a page token",
            text: "\n#1\n  \n#2\n\nNEXT PAGE TOKEN\teyJwYWdlIjoyfQ\n",
            idColumn: "column_1",
            items: ["2 #1 []", "4 #2 []"]
        ),
        CSVCase(
            name: "page token in a CSV",
            text: "id,name\n#1,a\n\nNEXT PAGE TOKEN   00000000\n#2,b\nNEXT PAGE TOKEN",
            idColumn: "id",
            columns: ["name"],
            items: ["2 #1 [a]", "5 #2 [b]"]
        ),
        CSVCase(
            name: "CRLF and no last line break",
            text: "identity_id,name\r\n#1,Ann\r\n#2,Bob",
            columns: ["name"],
            items: ["2 #1 [Ann]", "3 #2 [Bob]"]
        ),
        CSVCase(
            name: "CR",
            text: "identity_id,name\r#1,Ann\r\r#2,\"B\rob\"\r#3,C\r",
            columns: ["name"],
            items: ["2 #1 [Ann]", "4 #2 [B\rob]", "6 #3 [C]"]
        ),
        CSVCase(
            name: "semicolons with commas inside",
            text: "name;identity_id\nDoe, Ann;#1\nRoe, Bob;#2\n",
            columns: ["name"],
            items: ["2 #1 [Doe, Ann]", "3 #2 [Roe, Bob]"]
        ),
        CSVCase(
            name: "tabs",
            text: "Ann\t#1\tx y\nBob\t#2\t\n",
            idColumn: "column_2",
            columns: ["column_1", "column_3"],
            items: ["1 #1 [Ann|x y]", "2 #2 [Bob|]"]
        ),
        CSVCase(
            name: "pipes told apart from quoted delimiters",
            text: "\"a;b,c\"|#1\n\"d;e,f\"|#2\n",
            idColumn: "column_2",
            columns: ["column_1"],
            items: ["1 #1 [a;b,c]", "2 #2 [d;e,f]"]
        ),
        CSVCase(
            name: "a delimiter that is given",
            text: "id|x,y\n#1|1,2\n",
            idColumn: "id",
            columns: ["x,y"],
            options: RosterOptions(delimiter: .pipe),
            items: ["2 #1 [1,2]"]
        ),
        CSVCase(
            name: "values keep their blanks and are not trimmed",
            text: "id, name \n#1,  a \n",
            idColumn: "id",
            columns: ["name"],
            items: ["2 #1 [  a ]"]
        ),
        CSVCase(
            name: "spellings of an ID",
            text:
                "A0000000-0000-4000-8000-000000000001\n{#2}\nurn:uuid:#3\n"
                + "a0000000000040008000000000000004\n\t#5 \n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []", "5 #5 []"]
        ),
    ]

    private static let headers = [
        CSVCase(
            name: "the name in any case, beside a number called id",
            text: "ID,Identity_ID,Email\n7,#1,a@x\n8,#2,b@x\n",
            idColumn: "Identity_ID",
            columns: ["ID", "Email"],
            items: ["2 #1 [7|a@x]", "3 #2 [8|b@x]"]
        ),
        CSVCase(
            name: "a named column before other UUIDs",
            text: "org,id\n#8,#1\n#9,#2\n",
            idColumn: "id",
            columns: ["org"],
            items: ["2 #1 [\(uuid(8))]", "3 #2 [\(uuid(9))]"]
        ),
        CSVCase(
            name: "any column of UUIDs",
            text: "n,user\n1,#1\n2,#2\n",
            idColumn: "user",
            columns: ["n"],
            items: ["2 #1 [1]", "3 #2 [2]"]
        ),
        CSVCase(
            name: "a named column with mostly malformed IDs",
            text: "identity_id,n\nx,1\ny,2\n#1,3\n",
            columns: ["n"],
            items: ["2 identity_id not_a_uuid <x>", "3 identity_id not_a_uuid <y>", "4 #1 [3]"]
        ),
        CSVCase(
            name: "a named column with a few IDs before any other column",
            text: "identity_id,org\nx,#8\ny,#8\nz,#9\n#1,#9\n",
            columns: ["org"],
            items: [
                "2 identity_id not_a_uuid <x>", "3 identity_id not_a_uuid <y>",
                "4 identity_id not_a_uuid <z>",
                "5 #1 [\(uuid(9))]",
            ]
        ),
        CSVCase(
            name: "a column chosen in another case",
            text: "a,B\n#1,#2\n",
            idColumn: "B",
            columns: ["a"],
            options: RosterOptions(idColumn: "b"),
            items: ["2 #2 [\(uuid(1))]"]
        ),
        CSVCase(
            name: "a column chosen by its position",
            text: "#1,#2\n",
            idColumn: "column_2",
            columns: ["column_1"],
            options: RosterOptions(idColumn: "column_2"),
            items: ["1 #2 [\(uuid(1))]"]
        ),
        CSVCase(
            name: "nameless columns",
            text: "id,,mail,\n#1,x,a@x,y\n",
            idColumn: "id",
            columns: ["column_2", "mail", "column_4"],
            items: ["2 #1 [x|a@x|y]"]
        ),
        CSVCase(
            name: "trailing delimiters",
            text: "id,mail,,\n#1,a@x,,\n#2,b@x\n#3,c@x,,,,\n#4,d@x,,z\n",
            idColumn: "id",
            columns: ["mail", "column_3", "column_4"],
            items: [
                "2 #1 [a@x||]", "3 - wrong_number_of_fields <#2,b@x>", "4 #3 [c@x||]", "5 #4 [d@x||z]",
            ]
        ),
        CSVCase(
            name: "trailing delimiters with nothing behind them",
            text: "id,mail,\n#1,a@x,\n#2,b@x\n#3,c@x,,\n",
            idColumn: "id",
            columns: ["mail"],
            items: ["2 #1 [a@x]", "3 #2 [b@x]", "4 #3 [c@x]"]
        ),
        CSVCase(
            name: "trailing delimiters without a header",
            text: "#1;Ann;\n#2;Bob;\n",
            idColumn: "column_1",
            columns: ["column_2"],
            items: ["1 #1 [Ann]", "2 #2 [Bob]"]
        ),
        CSVCase(
            name: "one column with a name",
            text: "User ID\n#1\n",
            idColumn: "User ID",
            items: ["2 #1 []"]
        ),
        CSVCase(
            name: "a malformed ID on the first line of a list",
            text: "a0000000-0000-4000-8000-0000000000\n#1\n#2\n",
            idColumn: "column_1",
            items: ["1 column_1 not_a_uuid <a0000000-0000-4000-8000-0000000000>", "2 #1 []", "3 #2 []"]
        ),
        CSVCase(
            name: "a malformed ID on the first line of a table",
            text: "?,ann@example.org\n#1,bob@example.org\n",
            idColumn: "column_1",
            columns: ["column_2"],
            items: ["1 column_1 not_a_uuid <?>", "2 #1 [bob@example.org]"]
        ),
    ]

    private static let quotes = [
        CSVCase(
            name: "quotes, doubled quotes, line breaks and delimiters",
            text:
                "\"identity_id\",\"na\"\"me\"\n\"#1\",\"a \"\"b\"\", "
                + "c\"\n#2,\"x\r\ny\n\nz\"\n#3,\"\"\n#4,\"\"\"\"\n",
            columns: ["na\"me"],
            items: ["2 #1 [a \"b\", c]", "3 #2 [x\r\ny\n\nz]", "7 #3 []", "8 #4 [\"]"]
        ),
        CSVCase(
            name: "a quote inside a field is text",
            text: "id,size\n#1,5\" disk\n#2,a\"b\"c\n#3,d \"e\"\n",
            idColumn: "id",
            columns: ["size"],
            items: ["2 #1 [5\" disk]", "3 #2 [a\"b\"c]", "4 #3 [d \"e\"]"]
        ),
        CSVCase(
            name: "text after a closing quote is a reject",
            text: "id,name\n#1,\"Ann\" Lee\n#2,\"a\"\"b\"c\"d\"\n#3,\"x\ny\" \n",
            idColumn: "id",
            columns: ["name"],
            items: [
                "2 name ambiguous_quote <\"Ann\" Lee>", "3 name ambiguous_quote <\"a\"\"b\"c\"d\">",
                "4 #3 [x\ny ]",
            ]
        ),
        CSVCase(
            name: "an unterminated quote to the end",
            text: "id,name\n#1,a\n#2,\"b\n#3,c\n#4,d\n",
            idColumn: "id",
            columns: ["name"],
            items: ["2 #1 [a]", "3 name unterminated_quote <#2,\"b>", "4 #3 [c]", "5 #4 [d]"]
        ),
        CSVCase(
            name: "an unterminated quote on the last line",
            text: "id,name\n#1,a\n#2,\"b",
            idColumn: "id",
            columns: ["name"],
            items: ["2 #1 [a]", "3 name unterminated_quote <#2,\"b>"]
        ),
        CSVCase(
            name: "an unterminated quote before rows with quotes",
            text: "id,name\n#1,\"Ann\n#2,\"Roe, Bob\"\n#3,\"Doe, Jo\"\n",
            idColumn: "id",
            columns: ["name"],
            items: ["2 name unterminated_quote <#1,\"Ann>", "3 #2 [Roe, Bob]", "4 #3 [Doe, Jo]"]
        ),
        CSVCase(
            name: "an unterminated quote where everything is quoted",
            text: "\"id\",\"name\"\r\n\"#1\",\"Ann\r\n\"#2\",\"Bob\"\r\n\"#3\",\"Jo\"\r\n",
            idColumn: "id",
            columns: ["name"],
            items: ["2 name unterminated_quote <\"#1\",\"Ann>", "3 #2 [Bob]", "4 #3 [Jo]"]
        ),
        CSVCase(
            name: "two unterminated quotes and line breaks in quotes between",
            text: "id,name\n#1,a\n\"#2,b\n#3,\"c\nd\"\n#4,e\n\"#5,f\n#6,g\n",
            idColumn: "id",
            columns: ["name"],
            items: [
                "2 #1 [a]", "3 id unterminated_quote <\"#2,b>", "4 #3 [c\nd]", "6 #4 [e]",
                "7 id unterminated_quote <\"#5,f>", "8 #6 [g]",
            ]
        ),
    ]

    private static let rejects = [
        CSVCase(
            name: "every reject of a table",
            text:
                "identity_id,name\nx,a\n00000000-0000-0000-0000-000000000000,b\n#1\n#2,c,d\n#3,e,"
                + "\n,f\n#4,g\n",
            columns: ["name"],
            items: [
                "2 identity_id not_a_uuid <x>",
                "3 identity_id nil_uuid <00000000-0000-0000-0000-000000000000>",
                "4 - wrong_number_of_fields <#1>", "5 - wrong_number_of_fields <#2,c,d>", "6 #3 [e]",
                "7 identity_id not_a_uuid <>", "8 #4 [g]",
            ]
        ),
        CSVCase(
            name: "rejects of a list",
            text: "#1\nnonsense, of sorts\n#2\n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 column_1 not_a_uuid <nonsense, of sorts>", "3 #2 []"]
        ),
        CSVCase(
            name: "the width of most rows without a header",
            text: "#1,a\n#2,b,c\n#3\n#4,d\n",
            idColumn: "column_1",
            columns: ["column_2"],
            items: [
                "1 #1 [a]", "2 - wrong_number_of_fields <#2,b,c>", "3 - wrong_number_of_fields <#3>",
                "4 #4 [d]",
            ]
        ),
        CSVCase(
            name: "values are cut at 200 characters",
            text: "id,n\n#1,1\n\(String(repeating: "é", count: 900)),2\n",
            idColumn: "id",
            columns: ["n"],
            items: ["2 #1 [1]", "3 id not_a_uuid <\(String(repeating: "é", count: 200))>"]
        ),
    ]
}
