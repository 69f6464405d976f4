import IdentitySimulator
import Testing

@Suite struct GoDurationTests {
    @Test(
        arguments: [
            ("0", 0), ("0s", 0), ("-0s", 0), ("72h", 259_200_000_000_000), ("1h30m", 5_400_000_000_000),
            ("1.5h", 5_400_000_000_000), ("+5s", 5_000_000_000), ("-1h", -3_600_000_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000), ("1us", 1000), ("1\u{b5}s", 1000), ("1\u{3bc}s", 1000),
            ("3ms2ns", 3_000_002),
            ("8760h", 31_536_000_000_000_000), ("9223372036854775807ns", .max),
            ("-9223372036854775808ns", .min),
        ] as [(String, Int64)]
    )
    func whatGoReadsIsRead(_ text: String, _ nanoseconds: Int64) {
        #expect(GoDuration(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "12", "2d", "soon", "1h ", " 1h", "h", ".s", "-", "1h-1m", "9000000h", "9223372036854775808ns",
        "99999999999999999999s",
    ])
    func whatGoRefusesIsRefused(_ text: String) {
        #expect(GoDuration(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0s"), (1, "1ns"), (1500, "1.5\u{b5}s"), (20_000_000, "20ms"), (1_500_000_000, "1.5s"),
            (61_000_000_000, "1m1s"), (3_600_000_000_000, "1h0m0s"), (-3_600_000_000_000, "-1h0m0s"),
            (-5_400_500_000_000, "-1h30m0.5s"), (.min, "-2562047h47m16.854775808s"),
        ] as [(Int64, String)]
    )
    func theTextIsThatOfGo(_ nanoseconds: Int64, _ text: String) {
        #expect(GoDuration(nanoseconds: nanoseconds).description == text)
    }
}
