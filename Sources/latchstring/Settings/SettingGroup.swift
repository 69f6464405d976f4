// Settings come in groups: what a command takes is a list of groups, and what `--help` shows has their
// headings.

/// Settings that belong together: the records are its stored properties, in the order that `--help` shows.
protocol SettingGroup: Sendable {
    init()

    /// What the group is about, for headings.
    static var heading: String { get }
}

extension SettingGroup {
    static var records: [any SettingRecord] {
        Mirror(reflecting: Self()).children.compactMap { $0.value as? any SettingRecord }
    }
}

/// All settings, by group: `settings[\.issuing.rate]`.
struct SettingCatalogue: Sendable {
    let roster = RosterGroup()
    let server = ServerGroup()
    let issuing = IssuingGroup()
    let reissue = ReissueGroup()
    let run = RunGroup()
    let campaign = CampaignGroup()
    let lock = LockGroup()
    let sync = SyncGroup()
    let export = ExportGroup()
    let format = FormatGroup()
    let opening = OpeningGroup()
    let selection = SelectionGroup()
    let handOver = HandOverGroup()
    let batches = BatchesGroup()
    let mail = MailGroup()
    let mailSender = MailSenderGroup()
    let relay = RelayGroup()
    let deliver = DeliverGroup()
    let preview = PreviewGroup()
    let list = ListGroup()
    let purge = PurgeGroup()
    let doctor = DoctorGroup()
    let drill = DrillGroup()
    let drillCampaign = DrillCampaignGroup()
    let config = ConfigGroup()

    static let all = SettingCatalogue()

    /// The groups of all commands.
    static let groups: [any SettingGroup] =
        Mirror(reflecting: all).children.compactMap { $0.value as? any SettingGroup }

    /// One record for each name; a name that several groups have is the same setting in other words.
    static let records: [any SettingRecord] = {
        var names: Set<String> = []
        return groups.flatMap { type(of: $0).records }.filter { names.insert($0.facts.name).inserted }
    }()
}
