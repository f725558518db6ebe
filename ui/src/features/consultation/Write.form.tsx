import { Button, Group, Textarea } from "@mantine/core";
import { getHotkeyHandler } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

type Props = { label: string; value: string; onChange: (text: string) => void; onSave: () => void; onClose: () => void; busy: boolean };

/** One sentence by hand. Closing keeps what was typed for the next time; Enter takes it. */
export function WriteForm({ label, value, onChange, onSave, onClose, busy }: Props) {
  const { t } = useTranslation();
  const save = () => {
    if (value.trim() !== "" && !busy) onSave();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Textarea
        aria-label={label}
        rows={2}
        resize="vertical"
        autoFocus
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter also ends a word in an input method: then it is not ours.
          if (event.nativeEvent.isComposing) return;
          getHotkeyHandler([
            ["Enter", save],
            ["mod+Enter", save],
            ["Escape", onClose],
          ])(event);
        }}
      />
      <Group gap="xs" mt={6} justify="flex-end">
        <Button variant="default" size="compact-md" onClick={onClose}>
          {t("common.close")}
        </Button>
        <Button type="submit" size="compact-md" loading={busy} disabled={value.trim() === ""}>
          {t("consultation.note.saveSentence")}
        </Button>
      </Group>
    </form>
  );
}
