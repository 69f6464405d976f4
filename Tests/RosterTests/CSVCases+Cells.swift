// What stands around and inside single cells: blanks of all kinds, guards, quotes and marks of other
// dialects.

import Roster

extension CSVCase {
    static let blanks = [
        CSVCase(
            name: "blanks and marks around IDs of a list",
            text:
                "\u{a0}#1\u{a0}\n\u{feff}#2\n\u{200b}\u{200d}#3\u{2060}\n\u{3000}{#4}\u{2009}\n"
                + "\u{202f}urn:uuid:#5\u{85}\n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []", "5 #5 []"]
        ),
        CSVCase(
            name: "blanks around IDs of a table, and values as they are",
            text: "mail,id\n\u{a0}a@x ,\u{a0}\u{200c}#1 \u{200c}\nb@x\u{200b},\u{1680}\u{2028}#2\u{205f}\n",
            idColumn: "id",
            columns: ["mail"],
            items: ["2 #1 [\u{a0}a@x ]", "3 #2 [b@x\u{200b}]"]
        ),
        CSVCase(
            name: "blanks around names",
            text: "\u{200b}Identity_ID\u{a0},\u{3000}e\u{a0}mail\u{feff}\n#1,a\n",
            idColumn: "Identity_ID",
            columns: ["e\u{a0}mail"],
            items: ["2 #1 [a]"]
        ),
        CSVCase(
            name: "a blank before a quote",
            text:
                "\"id\", \"email\",\t\"name\"\n\"#1\", \"a@x\",\u{a0}\"Doe, Ann\"\n \"#2\",  "
                + "\"\"\"b\"\"\", \n",
            idColumn: "id",
            columns: ["email", "name"],
            items: ["2 #1 [a@x|Doe, Ann]", "3 #2 [\"b\"| ]"]
        ),
        CSVCase(
            name: "a blank before a quote that holds line breaks",
            text: "id;name\n#1; \"x\ny\"\n#2;\u{feff}\"z;\"\n",
            idColumn: "id",
            columns: ["name"],
            items: ["2 #1 [x\ny]", "4 #2 [z;]"]
        ),
        CSVCase(
            name: "a tab before a quote is a delimiter between tabs",
            text: "id\tname\tnote\n#1\t\t\"a\tb\"\n#2\t \"c\"\t d\n",
            idColumn: "id",
            columns: ["name", "note"],
            items: ["2 #1 [|a\tb]", "3 #2 [c| d]"]
        ),
        CSVCase(
            name: "a blank after a closing quote is part of a value",
            text: "id,name,n\n\"#1\" ,\"a\" ,\"b\"\u{a0}\n",
            idColumn: "id",
            columns: ["name", "n"],
            items: ["2 #1 [a |b\u{a0}]"]
        ),
        CSVCase(
            name: "guards of spreadsheets",
            text:
                "=\"id\",='x',\"=\"\"code\"\"\",'name'\n=\"#1\",=\"007\",'5,'x'\n\"=\"\"#2\"\"\","
                + "\"=\"\"1\"\"\",b,c\n'#3,a,b,c\n'#4',a,b,c\n",
            idColumn: "id",
            columns: ["='x'", "code", "name"],
            items: ["2 #1 [=\"007\"|'5|'x']", "3 #2 [=\"1\"|b|c]", "4 #3 [a|b|c]", "5 #4 [a|b|c]"]
        ),
        CSVCase(
            name: "guards in a list",
            text: "=\"#1\"\n'#2\n\"=\"\"#3\"\"\"\n \u{a0}=\" #4 \"\n'{#5}'\n\"\"\"#6\"\"\"\n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []", "5 #5 []", "6 #6 []"]
        ),
        CSVCase(
            name: "lists that were joined",
            text: "#1\n#2\n\u{feff}#3\n\u{feff}\"#4\"\n\u{feff}\n",
            idColumn: "column_1",
            items: ["1 #1 []", "2 #2 []", "3 #3 []", "4 #4 []"]
        ),
        CSVCase(
            name: "tables that were joined",
            text: "id,mail\n#1,a\n\u{feff}id,mail\n#2,b\n\u{feff}\"id\",\"mail\"\n#3,c\n",
            idColumn: "id",
            columns: ["mail"],
            items: ["2 #1 [a]", "4 #2 [b]", "6 #3 [c]"]
        ),
        CSVCase(
            name: "invisible characters inside an ID",
            text:
                "id,n\n#1,a\na0000000\u{200b}-0000-4000-8000-000000000002,b\n\u{202e}#3,c\n"
                + "\u{ad}\u{e0001},d\n",
            idColumn: "id",
            columns: ["n"],
            items: [
                "2 #1 [a]", #"3 id not_a_uuid <a0000000\u200b-0000-4000-8000-000000000002>"#,
                #"4 id not_a_uuid <\u202e#3>"#, #"5 id not_a_uuid <\u00ad\u{e0001}>"#,
            ]
        ),
        CSVCase(
            name: "an escape is not cut",
            text:
                "id,n\n#1,a\n\(String(repeating: "x", count: 196))\u{a0}\u{a0},b\n"
                + "\(String(repeating: "y", count: 194))\u{a0}z,c\n",
            idColumn: "id",
            columns: ["n"],
            items: [
                "2 #1 [a]", "3 id not_a_uuid <\(String(repeating: "x", count: 196))>",
                #"4 id not_a_uuid <\#(String(repeating: "y", count: 194))\u00a0>"#,
            ]
        ),
        CSVCase(
            name: "rows of delimiters are blank lines",
            text: "id;name;n\n;;\n#1;a;1\n ; \u{a0};\t\n;;;;;\n#2;b;2\n,,\n;\n;;3\n",
            idColumn: "id",
            columns: ["name", "n"],
            items: [
                "3 #1 [a|1]", "6 #2 [b|2]", "7 - not_a_row <,,>", "9 id not_a_uuid <>",
            ]
        ),
        CSVCase(
            name: "rows of delimiters in a list and above a header",
            text: ",,,\n\n#1\n;;;\n#2\n",
            idColumn: "column_1",
            items: ["3 #1 []", "5 #2 []"]
        ),
    ]

    static let doubts = [
        CSVCase(
            name: "quotes that another dialect reads otherwise",
            text: """
                id,name,note
                #1,"a"b,x
                #2,""Ann, Lee"",x
                #3,Ann "the, boss" Lee
                #4,"Ann" "Lee",x
                #5,="a,b"
                #6, "Bob" Lee,x
                #7,"a",b
                #8,"say \\"hi\\"",x
                #9,"ends\\",x

                """,
            idColumn: "id",
            columns: ["name", "note"],
            items: [
                "2 name ambiguous_quote <\"a\"b>", "3 name ambiguous_quote <\"\"Ann>",
                "4 name ambiguous_quote <Ann \"the>", "5 name ambiguous_quote <\"Ann\" \"Lee\">",
                "6 name ambiguous_quote <=\"a>", "7 name ambiguous_quote <\"Bob\" Lee>", "8 #7 [a|b]",
                #"9 name ambiguous_quote <"say \"hi\"">"#, #"10 name ambiguous_quote <"ends\">"#,
            ]
        ),
        CSVCase(
            name: "quotes that read in one way",
            text: #"""
                id,name,note
                #1,5" pipe,6" pipe
                #2,6'2",a 5"
                #3,Ann "the boss" Lee,"x"
                #4,O"Brien,x
                #5,C:\dir\,"C:\dir"
                #6,"C:\dir\","x"
                #7,"{""a"": ""b \""c\""""}",x
                #8,"\\srv\share",\n
                #9,a " b,"c"

                """#,
            idColumn: "id",
            columns: ["name", "note"],
            items: [
                "2 #1 [5\" pipe|6\" pipe]", "3 #2 [6'2\"|a 5\"]", "4 #3 [Ann \"the boss\" Lee|x]",
                "5 #4 [O\"Brien|x]", #"6 #5 [C:\dir\|C:\dir]"#, #"7 #6 [C:\dir\|x]"#,
                #"8 #7 [{"a": "b \"c\""}|x]"#, #"9 #8 [\\srv\share|\n]"#, "10 #9 [a \" b|c]",
            ]
        ),
        CSVCase(
            name: "apostrophes as quotes",
            text:
                "'id','name','note'\n'#1','Doe, Ann'\n'#2','Bob','x'\n#3,'s-Hertogenbosch,it's\n"
                + "#4,O'Brien,boys'\n",
            idColumn: "id",
            columns: ["name", "note"],
            items: [
                "2 name ambiguous_quote <'Doe>", "3 #2 ['Bob'|'x']", "4 #3 ['s-Hertogenbosch|it's]",
                "5 #4 [O'Brien|boys']",
            ]
        ),
        CSVCase(
            name: "NUL bytes",
            text: "id,name,n\n#1,a,1\n#2,b\0c,2\n\0#3,d,3\n#4,\"e\0\",4\n#5\0\n#6,f,6\n\(fill)",
            idColumn: "id",
            columns: ["name", "n"],
            items: [
                "2 #1 [a|1]", #"3 name nul_byte <b\u0000c>"#, #"4 id nul_byte <\u0000#3>"#,
                #"5 name nul_byte <"e\u0000">"#, #"6 id nul_byte <#5\u0000>"#, "7 #6 [f|6]",
            ] + fillItems(from: 8)
        ),
        CSVCase(
            name: "a NUL byte in a list, on its first line",
            text: "#1\0\n#2\n#3\n",
            idColumn: "column_1",
            items: [#"1 column_1 nul_byte <#1\u0000>"#, "2 #2 []", "3 #3 []"]
        ),
    ]

    static let dialects = [
        CSVCase(
            name: "MySQL's quotes and nulls",
            text: #"""
                "id","name","note"
                "#1","say \"hi\"","a, \"b\", c"
                "#2",\N,"C:\\dir\\"
                "#3","x\",y",\N
                "#4","plain","q""q"
                "#5","C:\new","z" z
                "#6","\\\\srv\share","z"
                "#7","open\",z
                "#8","\"","\\\""

                """#,
            idColumn: "id",
            columns: ["name", "note"],
            items: [
                #"2 #1 [say "hi"|a, "b", c]"#, #"3 #2 [|C:\dir\]"#, #"4 #3 [x",y|]"#, #"5 #4 [plain|q"q]"#,
                #"6 note ambiguous_quote <"z" z>"#, #"7 name ambiguous_quote <"\\\\srv\share">"#,
                ##"8 name unterminated_quote <"#7","open\",z>"##, #"9 #8 ["|\"]"#,
            ]
        ),
        CSVCase(
            name: "MySQL's quotes between semicolons, without a header",
            text: #"""
                "#1";"\"a\"";1
                "#2";"b;\"c\"";2
                "#3";"d";3

                """#,
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: [#"1 #1 ["a"|1]"#, #"2 #2 [b;"c"|2]"#, "3 #3 [d|3]"]
        ),
        CSVCase(
            name: "PostgreSQL's nulls",
            text:
                "#1\tAnn\t\\N\n#2\t\\N\tC:\\\\x\n#3\tBob\ta\\tb\n\\N\tx\ty\n#4\t\"Jo\"\tz\n#5\tsize 5\"\tz\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: [
                "1 #1 [Ann|]", #"2 #2 [|C:\\x]"#, #"3 #3 [Bob|a\tb]"#, #"4 column_1 not_a_uuid <\N>"#,
                "5 column_2 ambiguous_quote <\"Jo\">", "6 #5 [size 5\"|z]",
            ]
        ),
        CSVCase(
            name: "tabs and line breaks that a database escapes",
            text: "#1\tAnn\t\\N\n#2\ta\\\tb\tx\n#3\tb\tc\\\nd\n#4\tC:\\\\\tx\n",
            idColumn: "column_1",
            columns: ["column_2", "column_3"],
            items: [
                "1 #1 [Ann|]", #"2 column_2 ambiguous_quote <a\>"#, #"3 column_3 ambiguous_quote <c\>"#,
                "4 - not_a_row <d>", #"5 #4 [C:\\|x]"#,
            ]
        ),
        CSVCase(
            name: "bare and quoted nulls",
            text: "id,a,b\n#1,\\N,x\n#2,\"\\N\",y\n#3, \\N,z\n",
            idColumn: "id",
            columns: ["a", "b"],
            items: ["2 #1 [|x]", "3 #2 [|y]", #"4 #3 [ \N|z]"#]
        ),
        CSVCase(
            name: "quoted nulls",
            text: "\"id\",\"a\"\n\"#1\",\"\\N\"\n\"#2\",\"x\"\n",
            idColumn: "id",
            columns: ["a"],
            items: ["2 #1 []", "3 #2 [x]"]
        ),
    ]

    /// Rows without anything special, so that NUL bytes are few among other bytes.
    private static let fill = (1...9).map { "#\($0),filler,\(String(repeating: "x", count: 40))\n" }.joined()

    private static func fillItems(from line: Int) -> [String] {
        (1...9).map { "\(line + $0 - 1) #\($0) [filler|\(String(repeating: "x", count: 40))]" }
    }
}
