"""The infectious diseases that a label names."""

from __future__ import annotations

import re

DISEASE = re.compile(r"(?:病|热|炎|流感|感冒|水痘|麻疹|风疹|疱疹|痢疾|结核|诺如|猩红热|腹泻|腮腺|红眼|伤寒|感染)")
_DISEASES = (
    "手足口病?|水痘|(?:[甲乙]型)?流感|流行性感冒|诺如(?:病毒)?(?:感染)?(?:性?腹泻|性?胃肠炎)?|(?:其他)?感染性腹泻病?|流行性腮腺炎|流腮|腮腺炎|猩红热|麻疹|风疹|"
    "(?:肺)?结核病?|(?:细菌性)?痢疾|菌痢|伤寒|副伤寒|疱疹性咽峡炎|急性出血性结膜炎|红眼病|(?:病毒性|[甲乙丙丁戊]型)?肝炎|[甲乙]肝|登革热|百日咳|支原体肺炎|肺炎支原体(?:感染|肺炎)?|"
    "新冠(?:病毒)?(?:感染|肺炎)?|流行性(?:脑脊髓膜炎|出血热|乙型脑炎)|流脑|乙脑|轮状病毒(?:感染|肠炎)?|腺病毒(?:感染)?|急性胃肠炎"
)
_CASES_OF = re.compile(
    rf"(?P<before>(?:学校|学生)?(?:(?:传染病|疫情)(?:发病|报告|报告病例|病例)?|发病|病例|报告病例)(?:例数|人数|情况|病种|数)?)?(?P<disease>{_DISEASES})(?P<after>(?:报告|确诊)?(?:发病|病例)?(?:例数|人数|例|数)?)"
)


_OTHERS = re.compile(
    r"(?P<before>)(?P<disease>其[他它])(?:法定|常见)?(?:传染病|传染性疾病|病种|病例)(?P<after>(?:报告|确诊)?(?:发病|病例)?(?:例数|人数|例|数)?)"
)
_INFECTIOUS = re.compile(r"传染病|疫情|发病|病例")
_OTHERWISE = re.compile(r"[(](?:单位:)?起[)]|起数|(?:发病|罹患|死亡|病死)率")
_CASES = re.compile(r"病例|发病[数人]|例数")


def is_of_cases(title: str) -> bool:
    """Whether a title speaks of infectious diseases, and not of outbreaks (起) or rates alone: under it the bare name of a
    disease counts its cases."""
    return bool(_INFECTIOUS.search(title)) and (not _OTHERWISE.search(title) or bool(_CASES.search(title)))


def disease_in(label: str, of_diseases: bool) -> str:
    """The infectious disease whose cases a label counts (传染病/流感, 水痘病例数), empty for any other label. The bare name
    of a disease counts cases only in a table of infectious diseases: elsewhere it may be a vaccine or a symptom."""
    found = _CASES_OF.fullmatch(label) or _OTHERS.fullmatch(label)  # 其他传染病 are the others of the list
    return (
        found["disease"].replace("它", "他")
        if found and (of_diseases or found["before"] or "例" in found["after"])
        else ""
    )
