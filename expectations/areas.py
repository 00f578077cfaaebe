"""The areas of the code list, as declarations use them."""

from expectations.codes import code_list

BOROUGHS: dict[str, str] = {
    area["area_code"]: area["area_name"] for area in code_list("area") if area["area_type"] == "borough"
}
METROPOLITAN_BOROUGHS: dict[str, str] = {
    area["area_code"]: area["area_name"]
    for area in code_list("area")
    if area["area_type"] == "borough" and area["police_force"] == "Metropolitan Police"
}
