"""Which rows of the facts base the parts of the standard library restate, and why other rows are not in it."""

from __future__ import annotations

from pathlib import Path

TRANSCEIVERS: dict[str, tuple[str, ...]] = {
    "100GBASE-SR4": ("qsfp28-100g-sr4",),
    "100GBASE-LR4": ("qsfp28-100g-lr4",),
    "100G-4WDM-10": ("qsfp28-100g-4wdm-10",),
    "100GBASE-ER4": ("qsfp28-100g-er4",),
    "100GBASE-DR": ("eth-100g-dr",),
    "100GBASE-FR1": ("qsfp28-100g-fr1",),
    "100GBASE-LR1": ("eth-100g-lr1",),
    "200G-SR4-MMA1T00-VS": ("mma1t00-vs",),
    "400GBASE-SR8": ("osfp-400g-sr8", "eth-400g-sr8"),
    "400GBASE-SR4.2": ("qsfp-dd-400g-sr4-2",),
    "400GBASE-SR4": ("qsfp112-400g-sr4",),
    "400GBASE-VR4": ("eth-400g-vr4",),
    "MMA4Z00-NS400": ("mma4z00-ns400",),
    "MMA1Z00-NS400": ("mma1z00-ns400",),
    "MMA4Z00-NS": ("mma4z00-ns", "mma4z00-ns-flt"),
    "800G-2SR4-generic": ("r12osfp-800g-2sr4",),
    "800G-SR8-50m": ("zk-osfp-800g-sr8",),
    "800GBASE-VR8": ("eth-800g-vr8",),
    "400GBASE-DR4": ("qsfp-dd-400g-dr4", "eth-400g-dr4"),
    "400G-DR4+": ("qsfp-dd-400g-dr4-2",),
    "800GBASE-DR8": ("osfp-800g-dr8", "qsfp-dd800-800g-dr8", "eth-800g-dr8"),
    "800GBASE-DR8-2": ("eth-800g-dr8-2",),
    "MMS4X00-NS": ("mms4x00-ns", "mms4x00-ns-flt"),
    "MMS4X00-NM": ("mms4x00-nm", "mms4x00-nm-flt"),
    "MMS4X00-NS400": ("mms4x00-ns400", "mms1x00-ns400"),
    "MMS4X50-NM": ("mms4x50-nm",),
    "400GBASE-FR4": ("qsfp-dd-400g-fr4", "eth-400g-fr4"),
    "400G-LR4-10": ("qsfp-dd-400g-lr4-10",),
    "400GBASE-LR8": ("qsfp-dd-400g-lr8", "osfp-400g-lr8", "eth-400g-lr8"),
    "400GBASE-FR8": ("eth-400g-fr8",),
    "400GBASE-ER8": ("qsfp-dd-400g-er8",),
    "400ZR-HUAWEI": ("qsfp-dd-400zr-02313lhh",),
    "OpenZR+400": ("openzrp-400",),
    "OpenROADM5-400G": ("openroadm5-400g",),
    "OpenROADM5-300G": ("openroadm5-300g",),
    "OpenROADM5-200G": ("openroadm5-200g",),
    "200GBASE-DR1": ("eth-200g-dr1",),
    "200GBASE-DR1-2": ("eth-200g-dr1-2",),
    "400GBASE-DR2": ("eth-400g-dr2",),
    "800GBASE-DR4": ("osfp224-800g-dr4", "eth-800g-dr4", "mms4a20", "q3450-port"),
    "800GBASE-DR4-2": ("eth-800g-dr4-2",),
    "800GBASE-FR4-500": ("eth-800g-fr4-500",),
    "800GBASE-FR4": ("eth-800g-fr4",),
    "800GBASE-LR4": ("eth-800g-lr4",),
    "1.6TBASE-DR8": ("eth-1600g-dr8", "mms4a00", "mms4a00-rhs"),
    "1.6TBASE-DR8-2": ("eth-1600g-dr8-2",),
    "800G-DR8-LPO": ("lpo-800g-dr8",),
    "CPO-Q3450-port": ("q3450-port",),
}
"""Row of transceivers.csv to the parts that restate it."""

CABLES: dict[str, tuple[str, ...]] = {
    "MCP4Y10": ("mcp4y10", "mcp4y10-flt"),
    "MCP7Y00": ("mcp7y00", "mcp7y00-flt"),
    "MCP7Y10": ("mcp7y10",),
    "MCP7Y50": ("mcp7y50",),
    "MCP7Y40": ("mcp7y40",),
    "MCP1650-H0": ("mcp1650", "mfs1s50"),
    "MCP7Y60": ("mcp7y60",),
    "MCP7Y70": ("mcp7y70",),
    "MCA7J70": ("mca7j70",),
    "MCA7J60": ("mca7j60",),
    "MFS1S50": ("mfs1s50",),
    "AOC-NDR-HDR": ("mfa7u10",),
    "LACC-XDR": ("mca4k50",),
    "AEC-800G": ("osfp-800g-aec",),
    "MFP7E10": ("mfp7e10", "mfp7e10-om4"),
    "MFP7E20": ("mfp7e20",),
    "MFP7E30": ("mfp7e30",),
    "MFP7E40": ("mfp7e40",),
    "LC-SM": ("lc-os2-duplex",),
    "DAC-100G-lane": ("mcp7y00", "mcp7y00-flt", "mcp7y10", "mcp7y50", "mcp7y40"),
    "LACC-100G-lane": ("mca7j60", "mca4j80"),
}
"""Row of cables.csv to the parts that restate it."""

FIBRE: dict[str, tuple[str, ...]] = {
    "att-om3-om4-850": ("om3", "om4"),
    "att-os2-tia": ("os2",),
    "att-os1a": ("os1a",),
    "att-io": ("indoor-outdoor",),
    "att-foa-sm1550": ("g652d", "nzdf", "lof"),
    "cd-ssmf": ("g652d",),
    "cd-nzdf": ("nzdf",),
    "cd-lof": ("lof",),
    "pmd-ssmf": ("g652d", "nzdf", "lof"),
    "aeff-ssmf": ("g652d",),
    "lat-fibre": ("g652d",),
    "conn-mpo-low": ("mpo-12-apc",),
    "conn-lc-b": ("lc-upc",),
    "grade-om3": ("mma4z00-ns", "mma4z00-ns-flt", "mma4z00-ns400", "mma1z00-ns400"),
    "grade-om4": ("mma4z00-ns",),
}
"""Row of fibre.csv to the parts that restate it; a `reference` has the name of its row."""

SWITCHES: dict[str, tuple[str, ...]] = {
    "QM9700": ("qm9700",),
    "QM9790": ("qm9790",),
    "Q3400-RA": ("q3400-ra",),
    "Q3450-LD": ("q3450-ld",),
    "SN4600C": ("sn4600c",),
    "SN4700": ("sn4700",),
    "SN5400": ("sn5400",),
    "SN5600": ("sn5600",),
    "SN5610N": ("sn5610n",),
    "SN5640": ("sn5640",),
    "SN6600_LD": ("sn6600-ld",),
    "SN6810_LD": ("sn6810-ld",),
    "DCS-7060X6-64PE": ("dcs-7060x6-64pe",),
    "DCS-7060DX5-64S": ("dcs-7060dx5-64s",),
    "Z9864F-ON": ("z9864f",),
    "DS5000": ("ds5000",),
    "DS4101": ("ds4101",),
    "AIS800-64D": ("ais800-64d",),
    "S9321-64E": ("s9321-64e",),
    "S9321-64EO": ("s9321-64eo",),
    "M2-W6940-128X1-FR4": ("m2-w6940-128x1-fr4",),
    "AS9726-32D": ("as9726-32d",),
}
"""Row of switches.csv to the parts that restate it."""

NICS: dict[str, tuple[str, ...]] = {
    "ConnectX-7 OSFP": ("connectx-7-osfp", "hgx-h100-cx7", "gb200-nvl72-tray"),
    "ConnectX-7 QSFP112": ("connectx-7-qsfp112",),
    "BlueField-3": ("bluefield-3-b3220", "bluefield-3-b3140l"),
    "ConnectX-8": ("connectx-8", "gb300-nvl72-tray"),
    "Pollara 400": ("pollara-400",),
    "Thor Ultra": ("thor-ultra",),
    "DGX H100/H200": ("dgx-h100", "dgx-h200"),
    "DGX B200": ("dgx-b200",),
    "GB200 NVL72 (72x1)": ("gb200-nvl72-tray",),
    "GB300 NVL72": ("gb300-nvl72-tray",),
}
"""Row of nics.csv to the parts that restate it."""

RELIABILITY: dict[str, tuple[str, ...]] = {
    "R01": ("interruptions-by-network",),
    "R03": ("interruptions-by-gpu",),
    "R04": ("dfb-laser",),
    "R05": ("photodetector",),
    "R06": ("module-dsp",),
    "R07": ("laser-driver", "tia"),
    "R08": ("dac-mtbf",),
    "R09": ("cpo-flap-free",),
    "R10": ("pluggables-avoided",),
    "R11": ("lasers-pluggable", "lasers-cpo"),
    "R12": ("q3450-ld",),
    "R13": ("port-power-pluggable", "port-power-cpo", "port-loss-pluggable", "port-loss-cpo"),
    "R14": ("m2-w6940-128x1-fr4",),
    "R15": ("sn6810-ld",),
}
"""Row of reliability.csv to the parts that restate it."""

TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "transceivers": TRANSCEIVERS,
    "cables": CABLES,
    "fibre": FIBRE,
    "switches": SWITCHES,
    "nics": NICS,
    "reliability": RELIABILITY,
}

HEADINGS = {
    "Modules": "transceivers",
    "Cables": "cables",
    "Fibre and codes": "fibre",
    "Switches": "switches",
    "Reliability": "reliability",
}
"""Heading of the page on what is left out, and the table it speaks of."""


def left_out() -> dict[str, dict[str, str]]:
    """Return the rows that no part restates, with the reasons that `stdlib/LEFT_OUT.md` gives, by table."""
    text = (Path(__file__).resolve().parents[2] / "stdlib" / "LEFT_OUT.md").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("## "):
            table = HEADINGS[line.removeprefix("## ")]
        elif line.startswith("| ") and not line.startswith("| row"):
            row, reason = (cell.strip() for cell in line.strip("|").split("|"))
            found.setdefault(table, {})[row] = reason
    return found
