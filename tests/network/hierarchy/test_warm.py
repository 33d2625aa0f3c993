from network.hierarchy.warm import warm


def test_warming_says_what_it_does() -> None:
    said: list[tuple[str, int, int]] = []
    warm(lambda name, done, steps: said.append((name, done, steps)))
    assert [done for _, done, _ in said] == list(range(len(said)))
    assert {steps for *_, steps in said} == {len(said) - 1}
    assert all(name for name, *_ in said[:-1])
    assert said[-1][0] == ""


def test_nobody_needs_to_listen() -> None:
    warm()
